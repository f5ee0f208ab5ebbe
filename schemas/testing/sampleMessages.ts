import { FrameType } from '../frameType.js';
import { ErrorCode } from '../generated/rookery/error-code.js';
import { GoodbyeReason } from '../generated/rookery/goodbye-reason.js';
import { Registration } from '../generated/rookery/registration.js';
import { ViewPart } from '../generated/rookery/view-part.js';
import type { Message, RoomInfo, SessionInfo } from '../messages.js';
import { defaultRoomVoice, rootRoomId, unchangedRoom } from '../protocol.js';
import { accessSamples } from './accessSamples.js';
import { moderationSamples } from './moderationSamples.js';
import { callSamples } from './callSamples.js';
import { doorSamples } from './doorSamples.js';
import { privateSamples } from './privateSamples.js';
import { accountSamples } from './accountSamples.js';
import { sampleReading } from './sampleReading.js';
import { sampleStreams } from './sampleStreams.js';
import { sampleTextMessages } from './sampleTextMessages.js';
import { sampleUploads } from './sampleUploads.js';
import { talkSamples } from './talkSamples.js';

/** Samples of every message; a frame type without one does not compile. */
export type MessageSamples = {
  readonly [T in FrameType]: readonly [
    Extract<Message, { readonly type: T }>,
    ...Extract<Message, { readonly type: T }>[],
  ];
};

const chessId = '01234567-89ab-7def-8123-456789abcdef';
const userId = 'ffffffff-0000-ffff-0000-ffffffffffff';

const lobby: RoomInfo = {
  roomId: rootRoomId,
  parentId: null,
  name: 'Lobby',
  speakersMax: 0,
  bundleWindowMs: 255,
  bitrate: 48_000,
  linkedRoomIds: [],
  description: '',
  position: 0,
  userLimit: 0,
  isTemporary: false,
  frameMs: 20,
  isFecOn: true,
  keepDays: 0,
  keepMessages: 0,
  slowModeSeconds: 0,
  isLocked: false,
  isPrivate: false,
};
const chess: RoomInfo = {
  roomId: chessId,
  parentId: rootRoomId,
  name: 'Schach \u265f \u{1f426}',
  speakersMax: 0xffff,
  bundleWindowMs: 20,
  bitrate: 440_000,
  linkedRoomIds: [rootRoomId, userId],
  description: 'Every evening.\n\u265f',
  position: 0xffff,
  userLimit: 0xffff,
  isTemporary: true,
  frameMs: 10,
  isFecOn: false,
  keepDays: 0xffff,
  keepMessages: 0xffff_ffff,
  slowModeSeconds: 0xffff,
  isLocked: true,
  isPrivate: true,
};
const wanderer: SessionInfo = {
  sessionToken: 0,
  userId,
  displayName: 'Wanderer',
  roomId: null,
  muted: false,
  deafened: false,
  listeningTo: [],
  isReconnecting: false,
  mutedByModerator: false,
  deafenedByModerator: false,
  suppressedByModerator: false,
  ...{ isPrioritySpeaker: false, isRecording: false, suppressedByRules: false },
  isBot: false,
};
const player: SessionInfo = {
  sessionToken: 0xffffffff,
  userId: chessId,
  displayName: 'Zo\u00eb',
  roomId: chessId,
  muted: true,
  deafened: true,
  listeningTo: [rootRoomId, chessId],
  isReconnecting: true,
  mutedByModerator: true,
  deafenedByModerator: true,
  suppressedByModerator: true,
  ...{ isPrioritySpeaker: true, isRecording: true, suppressedByRules: true },
  isBot: true,
};

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i + 1);
}

/**
 * Valid messages for round trips and as seeds of fuzzing: per type one with ordinary values, where
 * it matters others with every default, every option, and the largest numbers.
 */
export const sampleMessages: MessageSamples = {
  [FrameType.Hello]: [
    {
      type: FrameType.Hello,
      protocolVersion: 1,
      features: ['bundle', 'opus-fec', ''],
      clientName: 'rookery 0.1.0',
    },
    { type: FrameType.Hello, protocolVersion: 0xffff, features: [], clientName: '' },
  ],
  [FrameType.HelloAck]: [
    {
      type: FrameType.HelloAck,
      protocolVersion: 1,
      features: ['bundle'],
      serverName: 'Rookery',
      challenge: counting(32),
      passwordRequired: true,
      workBits: 20,
      registration: Registration.Approval,
    },
    {
      type: FrameType.HelloAck,
      protocolVersion: 0,
      features: [],
      serverName: '',
      challenge: new Uint8Array(32),
      passwordRequired: false,
      workBits: 0,
      registration: Registration.Open,
    },
  ],
  [FrameType.Auth]: [
    {
      type: FrameType.Auth,
      publicKey: counting(32),
      signature: counting(64),
      displayName: 'Zo\u00eb \u{1f426}',
      password: 'correct horse',
      ticket: counting(32),
      continuedToken: 0xffffffff,
      work: counting(8),
      accountPassword: 'battery staple',
      inviteCode: 'abcd-efgh',
      botPass: null,
    },
    {
      type: FrameType.Auth,
      publicKey: new Uint8Array(32),
      signature: new Uint8Array(64).fill(255),
      displayName: '\ufeffkept as it is\0',
      password: '',
      ticket: null,
      continuedToken: 0,
      work: null,
      accountPassword: '',
      inviteCode: '',
      botPass: 'a pass of an operator',
    },
  ],
  [FrameType.AuthOk]: [
    {
      type: FrameType.AuthOk,
      userId,
      sessionToken: 1,
      hopKey: counting(16),
      voicePort: 4641,
      continued: true,
    },
    {
      type: FrameType.AuthOk,
      userId: rootRoomId,
      sessionToken: 0xffffffff,
      hopKey: new Uint8Array(16),
      voicePort: 0xffff,
      continued: false,
    },
  ],
  [FrameType.ResumeTicket]: [
    { type: FrameType.ResumeTicket, ticket: counting(32), validSeconds: 604_800 },
    { type: FrameType.ResumeTicket, ticket: new Uint8Array(32), validSeconds: 0xffffffff },
  ],
  [FrameType.Ping]: [
    { type: FrameType.Ping, nonce: 7 },
    { type: FrameType.Ping, nonce: 0 },
  ],
  [FrameType.Pong]: [
    { type: FrameType.Pong, nonce: 0xffffffff },
    { type: FrameType.Pong, nonce: 0 },
  ],
  [FrameType.Throttle]: [
    { type: FrameType.Throttle, frameType: FrameType.SendMessage, retryAfterMs: 1_500 },
    { type: FrameType.Throttle, frameType: 0xff, retryAfterMs: 0xffffffff },
  ],
  [FrameType.Goodbye]: [
    {
      type: FrameType.Goodbye,
      reason: GoodbyeReason.ReplacedByNewLogin,
      message: 'You logged in elsewhere.',
    },
    { type: FrameType.Goodbye, reason: GoodbyeReason.ClientLeft, message: '' },
  ],
  [FrameType.CommandDone]: [
    { type: FrameType.CommandDone, createdId: chessId, listId: 0 },
    { type: FrameType.CommandDone, createdId: null, listId: 0xffffffff },
  ],
  [FrameType.JoinRoom]: [{ type: FrameType.JoinRoom, roomId: chessId }],
  [FrameType.LeaveRoom]: [{ type: FrameType.LeaveRoom }],
  [FrameType.CreateRoom]: [
    { type: FrameType.CreateRoom, parentId: rootRoomId, name: 'Chess', isTemporary: false },
    { type: FrameType.CreateRoom, parentId: rootRoomId, name: 'Chess', isTemporary: true },
  ],
  [FrameType.RenameRoom]: [{ type: FrameType.RenameRoom, roomId: chessId, name: 'Go' }],
  [FrameType.DeleteRoom]: [{ type: FrameType.DeleteRoom, roomId: chessId }],
  [FrameType.SetSelfState]: [
    { type: FrameType.SetSelfState, muted: true, deafened: true },
    { type: FrameType.SetSelfState, muted: false, deafened: false },
  ],
  [FrameType.SetRecording]: [
    { type: FrameType.SetRecording, isRecording: true },
    { type: FrameType.SetRecording, isRecording: false },
  ],
  [FrameType.RegisterWhisper]: [
    {
      type: FrameType.RegisterWhisper,
      sessionTokens: [1, 0, 0xffffffff],
      roomIds: [chessId, rootRoomId],
      withChildren: true,
      userIds: [userId, chessId],
    },
    {
      type: FrameType.RegisterWhisper,
      sessionTokens: [],
      roomIds: [],
      withChildren: false,
      userIds: [],
    },
  ],
  [FrameType.RemoveWhisper]: [
    { type: FrameType.RemoveWhisper, listId: 7 },
    { type: FrameType.RemoveWhisper, listId: 0xffffffff },
  ],
  [FrameType.SetRoomVoice]: [
    {
      type: FrameType.SetRoomVoice,
      roomId: chessId,
      speakersMax: 8,
      bundleWindowMs: 0,
      bitrate: 6_000,
    },
    { type: FrameType.SetRoomVoice, roomId: rootRoomId, ...defaultRoomVoice },
  ],
  [FrameType.LinkRooms]: [
    { type: FrameType.LinkRooms, firstId: rootRoomId, secondId: chessId },
    { type: FrameType.LinkRooms, firstId: chessId, secondId: chessId },
  ],
  [FrameType.UnlinkRooms]: [
    { type: FrameType.UnlinkRooms, firstId: chessId, secondId: rootRoomId },
  ],
  [FrameType.Listen]: [
    { type: FrameType.Listen, roomIds: [chessId, rootRoomId] },
    { type: FrameType.Listen, roomIds: [] },
  ],
  [FrameType.MoveRoom]: [{ type: FrameType.MoveRoom, roomId: chessId, parentId: rootRoomId }],
  [FrameType.EditRoom]: [
    {
      type: FrameType.EditRoom,
      roomId: chessId,
      description: '',
      position: 0,
      userLimit: 0,
      isTemporary: false,
      frameMs: 60,
      isFecOn: false,
      keepDays: 0,
      keepMessages: 0,
      slowModeSeconds: 0,
      isLocked: false,
      isPrivate: false,
    },
    { type: FrameType.EditRoom, roomId: chessId, ...unchangedRoom },
    {
      type: FrameType.EditRoom,
      roomId: rootRoomId,
      description: 'Welcome. \u265f',
      position: 0xffff,
      userLimit: 0xffff,
      isTemporary: true,
      frameMs: 40,
      isFecOn: true,
      keepDays: 0xffff,
      keepMessages: 0xffff_ffff,
      slowModeSeconds: 0xffff,
      isLocked: true,
      isPrivate: true,
    },
  ],
  [FrameType.Subscribe]: [
    { type: FrameType.Subscribe, roomIds: [chessId, rootRoomId] },
    { type: FrameType.Subscribe, roomIds: [] },
  ],
  [FrameType.Resync]: [
    { type: FrameType.Resync, part: ViewPart.Members, roomId: chessId },
    { type: FrameType.Resync, part: ViewPart.Tree, roomId: null },
  ],
  ...talkSamples,
  ...doorSamples,
  ...accessSamples,
  ...moderationSamples,
  ...callSamples,
  ...privateSamples,
  [FrameType.RoomInit]: [
    { type: FrameType.RoomInit, rooms: [lobby, chess], memberCounts: [0, 0xffffffff] },
    { type: FrameType.RoomInit, rooms: [], memberCounts: [] },
  ],
  [FrameType.StateUpdate]: [
    {
      type: FrameType.StateUpdate,
      changes: [
        { kind: 'roomPut', room: chess },
        { kind: 'roomCount', roomId: chessId, memberCount: 0xffffffff },
        { kind: 'roomRemoved', roomId: chessId },
        { kind: 'roomPut', room: lobby },
        { kind: 'roomCount', roomId: rootRoomId, memberCount: 0 },
      ],
    },
    { type: FrameType.StateUpdate, changes: [] },
  ],
  [FrameType.RoomMembers]: [
    {
      type: FrameType.RoomMembers,
      roomId: chessId,
      members: [player, { ...wanderer, roomId: chessId }],
    },
    { type: FrameType.RoomMembers, roomId: null, members: [wanderer] },
    { type: FrameType.RoomMembers, roomId: rootRoomId, members: [] },
  ],
  [FrameType.MembersUpdate]: [
    {
      type: FrameType.MembersUpdate,
      roomId: chessId,
      changes: [
        { kind: 'sessionPut', session: player },
        { kind: 'sessionRemoved', sessionToken: 0xffffffff },
        { kind: 'sessionRemoved', sessionToken: 0 },
      ],
    },
    {
      type: FrameType.MembersUpdate,
      roomId: null,
      changes: [{ kind: 'sessionPut', session: wanderer }],
    },
  ],
  [FrameType.MembersEnd]: [{ type: FrameType.MembersEnd, roomId: chessId }],
  [FrameType.Presence]: [
    { type: FrameType.Presence, everybody: true },
    { type: FrameType.Presence, everybody: false },
  ],
  [FrameType.OwnSession]: [
    { type: FrameType.OwnSession, session: player },
    { type: FrameType.OwnSession, session: wanderer },
  ],
  ...sampleTextMessages,
  ...sampleReading,
  [FrameType.RoomKey]: [
    { type: FrameType.RoomKey, roomId: chessId, epoch: 255, key: counting(32), useAfterMs: 200 },
    {
      type: FrameType.RoomKey,
      roomId: rootRoomId,
      epoch: 0,
      key: new Uint8Array(32),
      useAfterMs: 0,
    },
  ],
  [FrameType.WhisperReady]: [
    { type: FrameType.WhisperReady, listId: 1, epoch: 255, key: counting(32), useAfterMs: 200 },
    { type: FrameType.WhisperReady, listId: 0, epoch: 0, key: new Uint8Array(32), useAfterMs: 0 },
  ],
  [FrameType.WhisperKey]: [
    { type: FrameType.WhisperKey, senderToken: 0xffffffff, epoch: 255, key: counting(32) },
    { type: FrameType.WhisperKey, senderToken: 0, epoch: 0, key: new Uint8Array(32) },
  ],
  ...sampleStreams,
  ...sampleUploads,
  ...accountSamples,
  [FrameType.Error]: [
    { type: FrameType.Error, code: ErrorCode.NoSuchRoom, message: 'There is no such room.' },
    { type: FrameType.Error, code: ErrorCode.Unknown, message: '' },
  ],
};
