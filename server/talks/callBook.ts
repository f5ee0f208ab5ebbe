import { FrameType } from '@rookery/schemas/frameType';
import { CallEntry } from '@rookery/schemas/generated/rookery/call-entry';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CallMember, CallPut, RoomKey, Uuid } from '@rookery/schemas/messages';
import { differenceOf } from '../broadcast/roomHearing.js';
import { RoomKeys, type RoomKeysOptions } from '../broadcast/roomKeys.js';
import type { CallLimits } from '../callLimits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { Session } from '../session/connection.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type Applied, type Refusal } from '../state/outcome.js';
import type { Store } from '../store/store.js';
import type { StoredTalk } from '../store/talkRecord.js';
import { Call } from './call.js';
import { noSuchTalk } from './talkBook.js';

export interface CallBookOptions extends RoomKeysOptions {
  readonly state: Pick<CommunityState, 'session' | 'leaveRoom'>;
  readonly voice: Pick<VoicePlane, 'moveSession' | 'removeRoom'>;
  readonly talks: Pick<Store['talks'], 'find' | 'ofUser'>;
  readonly limits: CallLimits;
  /** The session of a user who is logged in. */
  readonly tokenOf: (userId: Uuid) => number | null;
  /** Publishes that somebody left a room. */
  readonly publish: (outcome: Applied) => void;
  /** Tells sessions, encoded once. */
  readonly send: (sessionTokens: readonly number[], message: CallPut | RoomKey) => void;
  /** Runs flush() at the end of the event loop's turn; calls of one turn make one. */
  readonly scheduleFlush: () => void;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** A call, and who was given the key that it has. */
interface Entry {
  readonly call: Call;
  holders: ReadonlySet<number>;
}

const nobody: ReadonlySet<number> = new Set();

/**
 * The calls: the voice of talks. For the relay a call is a room with the id of its talk, which is
 * in no tree; for everybody else who is in it is in no room. So whoever enters a call leaves a
 * room, and the other way round.
 *
 *     (none) ── enter ──► call ── its last one hangs up, enters a room, ends the session,
 *                         │  ▲                            or leaves the talk ──► (over)
 *                         └──┘ others enter, hang up, decline, are rung at
 *
 * Where voice goes changes at once. Keys, and what a call is now, are told with flush(), to those
 * who take part in the talk and to nobody else. A key is replaced when somebody leaves. Main
 * thread.
 */
export class CallBook {
  readonly #options: CallBookOptions;
  readonly #keys: RoomKeys;
  readonly #entries = new Map<Uuid, Entry>();
  /** In which call a session is. */
  readonly #callOf = new Map<number, Call>();
  /** Calls that are not as they were told. */
  #touched = new Set<Entry>();
  #isFlushScheduled = false;

  constructor(options: CallBookOptions) {
    this.#options = options;
    this.#keys = new RoomKeys(options);
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Brings a session into the call of a talk. @returns why not, or null */
  enter({ token, userId }: Session, talkId: Uuid, entry: CallEntry): Refusal | null {
    const { state, voice, talks, publish } = this.#options;
    const talk = talks.find(talkId);
    if (talk?.userIds.includes(userId) !== true) return noSuchTalk();
    const known = this.#entries.get(talkId);
    const isThere = known?.call.isOver === false;
    if (!isThere && entry === CallEntry.Answer) return noSuchCall();
    const opened = known ?? this.#open(talk, entry);
    if ('refused' in opened) return opened;
    const { call } = opened;
    const isIn = this.#callOf.get(token) === call;
    this.#touch(opened);
    // Who comes to a call that is there disturbs nobody; who is in it may call the others again.
    if (entry === CallEntry.Ring && (isIn || !isThere)) this.#ringAtOthers(call, userId);
    if (isIn) return null;
    this.#leave(token);
    const left = state.leaveRoom(token);
    // Refused where the session was in no room.
    if (!left.refused) publish(left);
    voice.moveSession(token, talkId);
    this.#callOf.set(token, call);
    call.enter(userId, token);
    return null;
  }

  /** Whether two sessions are in one call. */
  areTogether(oneToken: number, otherToken: number): boolean {
    const call = this.#callOf.get(oneToken);
    return call !== undefined && call === this.#callOf.get(otherToken);
  }

  /** Brings a session out of its call, into no room. @returns why not, or null */
  leave({ token }: Session): Refusal | null {
    if (!this.#callOf.has(token)) {
      return refusal(ErrorCode.NoSuchCall, 'You are in no call.');
    }
    this.#leave(token);
    this.#options.voice.moveSession(token, null);
    return null;
  }

  /** Lets a call ring no longer at a user. @returns why not, or null */
  decline({ userId }: Session, talkId: Uuid): Refusal | null {
    const entry = this.#entries.get(talkId);
    if (entry === undefined || entry.call.isOver) return noSuchCall();
    if (!entry.call.userIds.includes(userId)) return noSuchCall();
    entry.call.decline(userId);
    this.#touch(entry);
    return null;
  }

  /**
   * A session begins, or goes on over another connection: tells it at once of the calls of its
   * talks, so that it knows of its own before it is shown itself.
   */
  welcome({ token, userId }: Session): void {
    const { talks, send, nowMs } = this.#options;
    if (this.#entries.size === 0) return;
    for (const { talkId } of talks.ofUser(userId)) {
      const entry = this.#entries.get(talkId);
      if (entry === undefined) continue;
      if (entry.call.ringAtNewcomer(userId, nowMs())) this.#touch(entry);
      // It may have missed the key that it was given.
      if (entry.holders.has(token)) send([token], this.#keys.current(talkId, nowMs()));
      send([token], this.#put(entry.call));
    }
  }

  /** Sessions are other than before; to be called before the voice plane is told of moves. */
  note({ changes, moves }: Applied): void {
    for (const { sessionToken, to } of moves) if (to !== null) this.#leave(sessionToken);
    for (const change of changes) {
      if (change.kind === 'sessionRemoved') this.#leave(change.sessionToken);
      if (change.kind !== 'sessionPut') continue;
      const call = this.#callOf.get(change.session.sessionToken);
      if (call !== undefined) this.#touch(this.#entries.get(call.talkId)!);
    }
  }

  /** A talk is other than before: who takes part in it no longer is in its call no longer. */
  noteTalk({ talkId, userIds }: StoredTalk): void {
    const entry = this.#entries.get(talkId);
    if (entry === undefined) return;
    this.#touch(entry);
    for (const userId of entry.call.changeUsers(userIds)) {
      const token = entry.call.members.get(userId)!;
      this.#leave(token);
      this.#options.voice.moveSession(token, null);
    }
  }

  /** Ends what has rung too long. Call it about once a second. */
  sweep(nowMs: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.call.endRings(nowMs)) this.#touch(entry);
    }
  }

  /**
   * Gives keys and tells what calls are now. Sending may end the session of a reader that is too
   * slow: what follows from that is left to the next flush.
   */
  flush(): void {
    this.#isFlushScheduled = false;
    const touched = this.#touched;
    this.#touched = new Set();
    for (const entry of touched) this.#tell(entry);
  }

  #open({ talkId, userIds }: StoredTalk, entry: CallEntry): Entry | Refusal {
    const { limits, nowMs, wallClockMs } = this.#options;
    if (this.#entries.size >= limits.callsMax) {
      const text = `This server holds ${limits.callsMax} calls at a time. Try again later.`;
      return refusal(ErrorCode.LimitReached, text);
    }
    const ringsUntilMs = entry === CallEntry.Ring ? nowMs() + limits.ringMs : -Infinity;
    const startedAtMs = wallClockMs();
    const call = new Call({ talkId, userIds, startedAtMs, ringsUntilMs });
    const opened = { call, holders: nobody };
    this.#entries.set(talkId, opened);
    return opened;
  }

  #ringAtOthers(call: Call, callerId: Uuid): void {
    const { limits, tokenOf, nowMs } = this.#options;
    for (const userId of call.userIds) {
      const isThere = userId !== callerId && tokenOf(userId) !== null;
      if (isThere) call.ring(userId, nowMs() + limits.ringMs);
    }
  }

  /** Takes a session out of its call, if it is in one; whoever asks moves its voice. */
  #leave(token: number): void {
    const call = this.#callOf.get(token);
    if (call === undefined) return;
    this.#callOf.delete(token);
    for (const [userId, member] of call.members) if (member === token) call.leave(userId);
    this.#touch(this.#entries.get(call.talkId)!);
  }

  #touch(entry: Entry): void {
    this.#touched.add(entry);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.scheduleFlush();
  }

  #tell(entry: Entry): void {
    const { voice, tokenOf, send } = this.#options;
    const { call } = entry;
    if (call.isOver) {
      this.#entries.delete(call.talkId);
      this.#keys.delete(call.talkId);
      voice.removeRoom(call.talkId);
    } else this.#giveKeys(entry);
    const there = call.userIds.map((userId) => tokenOf(userId)).filter((token) => token !== null);
    send(there, this.#put(call));
  }

  #giveKeys(entry: Entry): void {
    const { send, nowMs } = this.#options;
    const { talkId, members } = entry.call;
    const holders = new Set(members.values());
    const { hasLost, gained } = differenceOf(entry.holders, holders);
    entry.holders = holders;
    if (hasLost) send([...holders], this.#keys.rotate(talkId, nowMs()));
    else if (gained.length > 0) send(gained, this.#keys.current(talkId, nowMs()));
  }

  #put(call: Call): CallPut {
    const { state } = this.#options;
    const members: CallMember[] = [];
    for (const [userId, sessionToken] of call.members) {
      const session = state.session(sessionToken);
      if (session === null) continue;
      const muted = session.muted || session.mutedByModerator;
      const deafened = session.deafened || session.deafenedByModerator;
      const { isReconnecting, isRecording } = session;
      members.push({ sessionToken, userId, muted, deafened, isReconnecting, isRecording });
    }
    const { talkId, startedAtMs, ringingUserIds, declinedUserIds } = call;
    return {
      type: FrameType.CallPut,
      call: { talkId, startedAtMs, members, ringingUserIds, declinedUserIds },
    };
  }
}

function noSuchCall(): Refusal {
  return refusal(ErrorCode.NoSuchCall, 'There is no such call any more. Call them yourself.');
}
