import assert from 'node:assert/strict';
import type { CommandLane } from '@rookery/schemas/commandLane';
import { bitrateMaxOf } from '@rookery/schemas/frameBitrate';
import {
  defaultRoom,
  fieldLimits,
  frameLengthsMs,
  framePayloadBytesMax,
} from '@rookery/schemas/protocol';
import { tokenSlots, voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { QuicLimits } from '@rookery/transport/quicTypes';
import { abuseLimits, type AbuseLimits } from './abuseLimits.js';
import { accountsLimits, assertAccountsLimits, type AccountsLimits } from './accountsLimits.js';
import { botLimits, type BotLimits } from './botLimits.js';
import { certificateLimits, type CertificateLimits } from './certificateLimits.js';
import { broadcastLimits, type BroadcastLimits } from './broadcastLimits.js';
import { assertCallLimits, callLimits, type CallLimits } from './callLimits.js';
import { laneLimits, type LaneLimits } from './laneLimits.js';
import { assertStreamLimits, streamLimits, type StreamLimits } from './streamLimits.js';
import { linkLimits, type LinkLimits } from './linkLimits.js';
import {
  assertWatchdogLimits,
  supervisorLimits,
  watchdogLimits,
  type SupervisorLimits,
  type WatchdogLimits,
} from './processLimits.js';
import {
  assertModerationLimits,
  moderationLimits,
  type ModerationLimits,
} from './moderationLimits.js';
import { serverPluginsLimits, type ServerPluginsLimits } from './pluginsLimits.js';
import { resumeLimits, type ResumeLimits } from './resumeLimits.js';
import { roomLimits, type RoomLimits } from './roomLimits.js';
import { storeLimits, type StoreLimits } from './storeLimits.js';
import { assertUploadLimits, uploadLimits, type UploadLimits } from './uploadLimits.js';
import { signalLimits, type SignalLimits } from './signalLimits.js';
import { assertTalkLimits, talkLimits, talkListBytesMax, type TalkLimits } from './talkLimits.js';
import { voiceBudget } from './tables/voiceBudget.js';
import { membersBytesMax, treeBytesMax } from './viewBytes.js';
import { whisperLimits, type WhisperLimits } from './whisperLimits.js';

export type { BroadcastLimits } from './broadcastLimits.js';
export type { SupervisorLimits, WatchdogLimits } from './processLimits.js';
export type { StoreLimits } from './storeLimits.js';
export type { WhisperLimits } from './whisperLimits.js';

/**
 * Every limit of the server, each with its reason. A parser, queue or table takes its bound from
 * here; the relations between them are asserted at start, so that none can be changed alone.
 */

/** Bounds of the shared view: rooms and sessions. */
export interface StateLimits extends LinkLimits {
  /** Ten thousand present is what the project is for; voice tables hold a row for each. */
  readonly sessionsMax: number;
  /** A room costs every client a line in its tree and the server a row in its tables. */
  readonly roomsMax: number;
  /** Steps from the root. Deeper trees cannot be shown, and paths stay short. */
  readonly roomDepthMax: number;
}

/** Bounds of one connection's conversation. */
export interface SessionLimits {
  /** From the end of the handshake to a finished login, with the password queue full. */
  readonly loginTimeoutMs: number;
  /** Largest control frame of a client: Auth with the longest password and name fits twice. */
  readonly controlPayloadBytesMax: number;
  /** How long a farewell may take to reach the peer before its connection is closed. */
  readonly closeLingerMs: number;
  /** How often log-in times and stalled outboxes are looked at. */
  readonly sweepIntervalMs: number;
  /** Frames waiting for one stream of one reader; beyond it the reader is too slow. */
  readonly outboxBytesMax: number;
  /** A reader that took nothing for this long while frames wait is too slow. */
  readonly outboxStalledMsMax: number;
  /** Bytes handed to QUIC at once: small enough for its stream buffer, which takes all or none. */
  readonly writePieceBytes: number;
}

/** Argon2id and the queue in front of it (DESIGN.md: passes, memory and salt are given there). */
export interface PasswordLimits {
  readonly passes: number;
  readonly memoryBytes: number;
  /** Each running job holds memoryBytes and a core that voice may want. */
  readonly threadsMax: number;
  /** Logins that wait; more are answered with Busy. */
  readonly queueMax: number;
  /** Slowest job measured on a slow machine; only relations below use it. */
  readonly jobMsMax: number;
}

/** Tokens refill steadily up to the burst; one command or ping takes one. */
export interface BucketLimits {
  readonly perSecond: number;
  readonly burst: number;
  /** Refusals, less one for each that was let through, that close the peer as a flooder. */
  readonly refusedMax: number;
}

/** Limits of the control plane. */
export interface ControlLimits {
  readonly state: StateLimits;
  readonly session: SessionLimits;
  readonly password: PasswordLimits;
  /** Commands of one session, by the stream on which they come. */
  readonly lanes: Readonly<Record<CommandLane, LaneLimits>>;
  /** Control messages of one connection: log-in and pings. */
  readonly controlMessages: BucketLimits;
  readonly broadcast: BroadcastLimits;
  readonly rooms: RoomLimits;
  readonly streams: StreamLimits;
  readonly signals: SignalLimits;
  readonly store: StoreLimits;
  readonly whispers: WhisperLimits;
  readonly resume: ResumeLimits;
  readonly bots: BotLimits;
  readonly uploads: UploadLimits;
  readonly talks: TalkLimits;
  readonly moderation: ModerationLimits;
  readonly accounts: AccountsLimits;
  readonly calls: CallLimits;
  readonly abuse: AbuseLimits;
  readonly plugins: ServerPluginsLimits;
}

export const controlLimits: ControlLimits = {
  state: { sessionsMax: 10_000, roomsMax: 4_096, roomDepthMax: 8, ...linkLimits },
  session: {
    loginTimeoutMs: 15_000,
    controlPayloadBytesMax: 4_096,
    closeLingerMs: 400,
    sweepIntervalMs: 1_000,
    outboxBytesMax: 12 * 1_048_576,
    outboxStalledMsMax: 20_000,
    writePieceBytes: 16_384,
  },
  password: {
    passes: 3,
    memoryBytes: 64 * 1_048_576,
    threadsMax: 2,
    queueMax: 32,
    jobMsMax: 400,
  },
  lanes: laneLimits,
  controlMessages: { perSecond: 5, burst: 20, refusedMax: 50 },
  broadcast: broadcastLimits,
  rooms: roomLimits,
  streams: streamLimits,
  signals: signalLimits,
  talks: talkLimits,
  moderation: moderationLimits,
  accounts: accountsLimits,
  calls: callLimits,
  store: storeLimits,
  resume: resumeLimits,
  bots: botLimits,
  uploads: uploadLimits,
  whispers: whisperLimits,
  abuse: abuseLimits,
  plugins: serverPluginsLimits,
};

/**
 * Asserts the relations between the limits. Called once at start.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertControlLimits(limits: ControlLimits): void {
  const { state, session, password, broadcast, store, whispers, talks } = limits;
  assert(state.sessionsMax < 2 ** 20, 'a session token has 20 bits for the slot');
  assert(state.sessionsMax <= fieldLimits.listMax, 'RoomMembers lists all sessions');
  assert(state.roomsMax <= fieldLimits.listMax, 'RoomInit lists all rooms');
  const viewBytes = [treeBytesMax(state), membersBytesMax(state)] as const;
  assert(
    Math.max(...viewBytes) <= framePayloadBytesMax.fromServer,
    'the largest RoomInit is one frame, and the largest RoomMembers',
  );
  assert(
    // With increments of an eighth of its elements, a frame each at worst.
    (viewBytes[0] + viewBytes[1]) * 1.3 + talkListBytesMax(talks) <= session.outboxBytesMax,
    'a new client may have to be sent the largest view and all of its talks',
  );
  assert(state.linkedRoomsMax <= fieldLimits.linksPerRoomMax + 1, 'a room names all its links');
  assertTalkLimits(talks);
  assertModerationLimits(limits.moderation);
  assertAccountsLimits(limits.accounts);
  assertCallLimits(limits.calls, session);
  assert(session.writePieceBytes <= session.outboxBytesMax, 'a piece fits the outbox');
  assert(
    session.controlPayloadBytesMax >=
      2 * fieldLimits.passwordBytesMax + fieldLimits.displayNameBytesMax + 512,
    'the largest Auth is one control frame',
  );
  const waitMsMax = ((password.queueMax + 1) / password.threadsMax) * password.jobMsMax;
  // The password of the server, then that of the account.
  assert(
    2 * waitMsMax <= session.loginTimeoutMs,
    'a queued login is answered before its time is up',
  );
  assert(
    password.passes >= 3 && password.memoryBytes >= 64 * 1_048_576,
    'Argon2id is not weakened',
  );
  assert(
    broadcast.changesPerUpdateMax <= fieldLimits.listMax,
    'a full StateUpdate can be read by clients',
  );
  assert(broadcast.flushWaitMsMax <= 50, 'what changes is shown at once, as people see it');
  assert(
    store.pendingBytesMax >= state.sessionsMax * fieldLimits.textBytesMax * 0.5,
    'half of all may write a long message at once',
  );
  assertUploadLimits(limits.uploads, limits.lanes.bulk);
  assert(whispers.receiversPerSessionMax >= state.sessionsMax, 'everybody can be whispered to');
  assert(whispers.receiversMax >= whispers.receiversPerSessionMax, 'a session has its whispers');
  assert(whispers.listsMax >= whispers.listsPerSessionMax, 'a session has its lists');
  assert(whispers.listsPerSessionMax < 256, 'every list of a session has an epoch of its own');
}

/** Bounds of the voice plane. */
export interface VoiceLimits {
  /** A row of the session table each. */
  readonly sessionsMax: number;
  /** A row of the room table each: rooms and calls, so that any of them may be spoken in. */
  readonly roomsMax: number;
  /** Rooms that sessions listen to, added up. */
  readonly listeningsMax: number;
  /** Packets that a session may send for each frame: pings and a clock that runs fast. */
  readonly packetsPerFrame: number;
  /** What a network may hold back and deliver at once: about two seconds of frames of 20 ms. */
  readonly packetsBurst: number;
  /** Bytes of sound for each of the room's bitrate, which is an aim: loud speech is more. */
  readonly bitrateHeadroom: number;
  /** Tries to read a row between writes that take well below a microsecond. */
  readonly tableReadRetriesMax: number;
  /** SO_RCVBUF and SO_SNDBUF: holds what comes while a worker is not scheduled. */
  readonly socketBufferBytes: number;
  /** Whisper lists of all sessions: a row each. */
  readonly whisperListsMax: number;
  /** Who hears them, added up. */
  readonly whisperReceiversMax: number;
  /** Of each ring by which voice goes over QUIC, to a worker and back: a second of 500 speakers. */
  readonly ringBytes: number;
  /** Datagrams that a worker takes at once. */
  readonly receiveBatchMax: number;
  /** From so many packets a second on a worker lets them gather before it looks again … */
  readonly pausePacketsPerSecondMin: number;
  /** … for so long: far below what anybody hears, and enough for several packets. */
  readonly receivePauseUs: number;
  /** Longest wait of a frame for others to travel with, where no option says otherwise. */
  readonly bundleWindowMs: number;
  /** Frames a second that a worker may deliver before any waits; from there the wait grows … */
  readonly bundleIdleFramesPerSecond: number;
  /** … until it is as long as it may be. About half of what a core delivers without bundles. */
  readonly bundleBusyFramesPerSecond: number;
  /** A room that fewer hear is served by the worker to which the frame came, and by no other. */
  readonly shareReceiversMin: number;
  /** Rooms of one worker that can have frames waiting at a time; one more sends another's early. */
  readonly bundlesMax: number;
  /** Workers that take packets, however little there is to do. */
  readonly activeWorkersMin: number;
  /** More of them do while one is at work for a greater share of its time than this … */
  readonly workerBusyMax: number;
  /** … and one less when the others would be at work for less than this, … */
  readonly workerCalmMax: number;
  /** … for so long. */
  readonly workersCalmMs: number;
  /** A worker looks this often, at least, whether it is to stop. */
  readonly idleWaitMsMax: number;
  /** Longest wait between two starts of a worker that keeps dying; voice is back in a second. */
  readonly restartDelayMsMax: number;
  /** Made-up packets of each round before the first real one: enough for compiled code; 0: none. */
  readonly warmUpPackets: number;
  /** A worker that did not stop by itself within this time is ended. */
  readonly stopMsMax: number;
}

export const voiceLimits: VoiceLimits = {
  sessionsMax: controlLimits.state.sessionsMax,
  roomsMax: controlLimits.state.roomsMax + controlLimits.calls.callsMax,
  listeningsMax: controlLimits.state.listeningsMax,
  packetsPerFrame: 1.2,
  packetsBurst: 100,
  bitrateHeadroom: 2,
  tableReadRetriesMax: 64,
  socketBufferBytes: 4 * 1_048_576,
  whisperListsMax: controlLimits.whispers.listsMax,
  whisperReceiversMax: controlLimits.whispers.receiversMax,
  ringBytes: 4 * 1_048_576,
  receiveBatchMax: 64,
  pausePacketsPerSecondMin: 1_000,
  receivePauseUs: 1_500,
  bundleWindowMs: 5,
  bundleIdleFramesPerSecond: 50_000,
  bundleBusyFramesPerSecond: 200_000,
  shareReceiversMin: 64,
  bundlesMax: 1_024,
  activeWorkersMin: 1,
  workerBusyMax: 0.6,
  workerCalmMax: 0.3,
  workersCalmMs: 30_000,
  idleWaitMsMax: 100,
  restartDelayMsMax: 500,
  warmUpPackets: 3_000,
  stopMsMax: 2_000,
};

/**
 * Asserts the relations between the limits of voice. Called when the voice plane starts.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertVoiceLimits(limits: VoiceLimits): void {
  assert(limits.sessionsMax >= 1 && limits.sessionsMax <= tokenSlots, 'a token names every slot');
  assert(limits.roomsMax >= 1, 'there is a room to speak in');
  assert(limits.packetsPerFrame > 1, 'a speaker sends frames and pings');
  assert(limits.bitrateHeadroom > 1, 'a bitrate is an aim');
  for (const frameMs of frameLengthsMs) assertBudgets(frameMs, limits);
  assert(
    bitrateMaxOf(defaultRoom.frameMs) === fieldLimits.bitrateMax,
    'a packet holds a usual frame of the highest bitrate',
  );
  assert(
    limits.bundleIdleFramesPerSecond < limits.bundleBusyFramesPerSecond,
    'the bundle window grows with the load',
  );
  assert(
    limits.ringBytes >= 8 * (limits.sessionsMax * 4 + voicePacketBytesMax),
    'a ring holds some datagrams for everybody',
  );
  assert(
    limits.pausePacketsPerSecondMin * limits.receivePauseUs > 1_000_000,
    'packets come while a worker pauses, so that it is woken less often',
  );
  assert(limits.bundlesMax >= 1, 'a frame has a place to wait');
  assert(limits.bundleWindowMs < Math.min(...frameLengthsMs), 'a frame does not wait for its next');
  assert(limits.activeWorkersMin >= 1, 'somebody takes packets');
  assert(limits.workerCalmMax < limits.workerBusyMax, 'workers do not leave and join in turn');
  assert(limits.idleWaitMsMax < limits.stopMsMax, 'a worker stops by itself in time');
  assert(limits.restartDelayMsMax < 1_000, 'a dead worker is replaced within a second');
}

/** The relations of what everybody in a room may send, whose frames are so long. */
function assertBudgets(frameMs: number, limits: VoiceLimits): void {
  const lowest = voiceBudget({ bitrate: fieldLimits.bitrateMin, frameMs }, limits);
  const highest = voiceBudget({ bitrate: bitrateMaxOf(frameMs), frameMs }, limits);
  assert(lowest.packetsBurst >= lowest.packetsPerSecond, 'a second that was held back may arrive');
  assert(lowest.bytesBurst >= voicePacketBytesMax, 'the longest packet may be sent');
  assert(highest.bytesBurst < 2 ** 31, 'a budget needs no memory of its own');
}

/** Limits of the whole server. */
export interface ServerLimits extends ControlLimits {
  readonly certificate: CertificateLimits;
  readonly watchdog: WatchdogLimits;
  readonly supervisor: SupervisorLimits;
  readonly quic: QuicLimits;
  readonly voice: VoiceLimits;
  /** A version that served for so long in one go is good, also where no update judged it. */
  readonly settledByUseMs: number;
}

export const serverLimits: ServerLimits = {
  ...controlLimits,
  certificate: certificateLimits,
  watchdog: watchdogLimits,
  supervisor: supervisorLimits,
  quic: defaultQuicLimits,
  voice: voiceLimits,
  settledByUseMs: 3_600_000,
};

/**
 * Asserts the relations between the limits of all parts. Called once at start.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertServerLimits(limits: ServerLimits): void {
  const { state, session, streams, calls, whispers, quic, voice } = limits;
  assertControlLimits(limits);
  assertVoiceLimits(voice);
  assertWatchdogLimits(limits.watchdog);
  assertStreamLimits(streams, quic);
  assert(quic.connectionsMax >= state.sessionsMax, 'every session has a connection');
  assert(voice.sessionsMax >= state.sessionsMax, 'every session has a voice');
  assert(voice.roomsMax >= state.roomsMax + calls.callsMax, 'all rooms and calls can be spoken in');
  assert(voice.listeningsMax >= state.listeningsMax, 'every listener has a place');
  assert(voice.whisperListsMax >= whispers.listsMax, 'every whisper list has a row');
  assert(voice.whisperReceiversMax >= whispers.receiversMax, 'and a place for who hears it');
  assert(session.writePieceBytes <= quic.streamSendBytesMax, 'QUIC takes a piece when it is idle');
  assert(session.loginTimeoutMs < quic.idleTimeoutMs, 'a login ends before its silence does');
}
