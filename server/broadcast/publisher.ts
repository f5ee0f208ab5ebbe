import { encodeMessage } from '@rookery/schemas/messageCodec';
import { FrameType } from '@rookery/schemas/frameType';
import type { Change, RegisterWhisper, RoomMessage, Uuid } from '@rookery/schemas/messages';
import type { BroadcastLimits, WhisperLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { CommunityState } from '../state/communityState.js';
import type { Applied, Move, Refusal } from '../state/outcome.js';
import { RoomKeys } from './roomKeys.js';
import { WhisperBook } from './whisperBook.js';

/** A session's shard stream. */
export interface Listener {
  /** Never throws and never blocks; a reader that is too slow is closed. */
  sendShard(frame: Uint8Array): void;
}

export interface PublisherOptions {
  readonly state: CommunityState;
  readonly voice: Pick<
    VoicePlane,
    | 'moveSession'
    | 'removeRoom'
    | 'setFlags'
    | 'setRoomVoice'
    | 'setWhisperList'
    | 'removeWhisperList'
  >;
  readonly limits: BroadcastLimits;
  readonly whisperLimits: WhisperLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Gives random bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Runs flush() soon, at the end of the event loop's turn. */
  readonly scheduleFlush: () => void;
}

/**
 * Tells everybody what changed: the voice plane at once, the sessions once per turn. Each frame is
 * encoded once, however many get it.
 *
 * Order on a shard stream: the key of a room stands before the StateUpdate that shows the move into
 * it, and that before any message of a member; RoomInit of a new session stands before all. Keys of
 * whispers stand before the StateUpdate, too.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #keys: RoomKeys;
  readonly #whispers: WhisperBook;
  readonly #listeners = new Map<number, Listener>();
  /** Sessions that have not got their RoomInit yet. */
  #newcomers = new Map<number, Listener>();
  #changes: Change[] = [];
  /** Rooms that somebody left, and who is to get the key of the room that it joined. */
  #leftRooms = new Set<Uuid>();
  #joiners = new Set<number>();
  #isFlushScheduled = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { limits, whisperLimits, randomBytes } = options;
    const overlapMs = limits.roomKeyOverlapMs;
    this.#keys = new RoomKeys({ overlapMs, randomBytes });
    this.#whispers = new WhisperBook({ ...options, limits: whisperLimits, overlapMs });
  }

  /** The session gets RoomInit with the next flush, and everything after it. */
  addListener(sessionToken: number, listener: Listener): void {
    this.#newcomers.set(sessionToken, listener);
    this.#schedule();
  }

  removeListener(sessionToken: number): void {
    this.#newcomers.delete(sessionToken);
    this.#listeners.delete(sessionToken);
  }

  /** @param outcome what an operation on the state changed, in the order of the operations */
  publish(outcome: Applied): void {
    for (const move of outcome.moves) this.#publishMove(move);
    for (const change of outcome.changes) this.#publishChange(change);
    this.#schedule();
  }

  /** @returns the id of a new whisper list; its owner gets the key with the next flush */
  registerWhisper(owner: number, asked: Omit<RegisterWhisper, 'type'>): number | Refusal {
    this.#schedule();
    return this.#whispers.register(owner, asked);
  }

  /** @returns false where the session has no such whisper list */
  removeWhisper(owner: number, listId: number): boolean {
    return this.#whispers.remove(owner, listId);
  }

  /** Sends a text message to the members of its room. */
  sendMessage(message: RoomMessage): void {
    if (this.#changes.length > 0) this.flush();
    this.#sendToMembers(message.roomId, encodeMessage(message));
  }

  /** Sends what has gathered. */
  flush(): void {
    this.#isFlushScheduled = false;
    const welcomed = this.#welcomeNewcomers();
    this.#sendKeys();
    this.#sendWhisperKeys();
    this.#sendChanges(welcomed);
  }

  #publishMove(move: Move): void {
    const { sessionToken, from, to } = move;
    this.#whispers.noteMove(move);
    if (from !== null) this.#leftRooms.add(from);
    if (to !== null) this.#joiners.add(sessionToken);
    // A session that is gone was taken from the voice plane by its token.
    if (this.#options.state.session(sessionToken) === null) return;
    this.#options.voice.moveSession(sessionToken, to);
  }

  #publishChange(change: Change): void {
    const { voice } = this.#options;
    this.#changes.push(change);
    switch (change.kind) {
      case 'roomPut':
        voice.setRoomVoice(change.room.roomId, change.room);
        return;
      case 'roomRemoved':
        this.#keys.delete(change.roomId);
        this.#whispers.noteRoomRemoved(change.roomId);
        voice.removeRoom(change.roomId);
        return;
      case 'sessionPut': {
        const { sessionToken, muted, deafened } = change.session;
        this.#whispers.noteHearing(sessionToken, deafened);
        voice.setFlags(sessionToken, { muted, deafened, suppressed: false });
        return;
      }
      case 'sessionRemoved':
        this.#whispers.noteSessionRemoved(change.sessionToken);
    }
  }

  #sendWhisperKeys(): void {
    this.#whispers.flush((tokens, message) => {
      const frame = encodeMessage(message);
      for (const token of tokens) this.#listeners.get(token)?.sendShard(frame);
    });
  }

  #sendKeys(): void {
    const { state, nowMs } = this.#options;
    const leftRooms = this.#leftRooms;
    const joiners = this.#joiners;
    this.#leftRooms = new Set();
    this.#joiners = new Set();
    for (const roomId of leftRooms) {
      if (state.room(roomId) === null) continue;
      this.#sendToMembers(roomId, encodeMessage(this.#keys.rotate(roomId, nowMs())));
    }
    for (const token of joiners) {
      const roomId = state.session(token)?.roomId ?? null;
      if (roomId === null || leftRooms.has(roomId)) continue;
      const frame = encodeMessage(this.#keys.current(roomId, nowMs()));
      this.#listeners.get(token)?.sendShard(frame);
    }
  }

  /** @param welcomed sessions whose RoomInit has the changes in it */
  #sendChanges(welcomed: ReadonlyMap<number, Listener>): void {
    const changes = this.#changes;
    this.#changes = [];
    const { changesPerUpdateMax } = this.#options.limits;
    for (let at = 0; at < changes.length; at += changesPerUpdateMax) {
      const part = changes.slice(at, at + changesPerUpdateMax);
      const frame = encodeMessage({ type: FrameType.StateUpdate, changes: part });
      for (const [token, listener] of this.#listeners) {
        if (!welcomed.has(token)) listener.sendShard(frame);
      }
    }
  }

  #welcomeNewcomers(): ReadonlyMap<number, Listener> {
    const newcomers = this.#newcomers;
    if (newcomers.size === 0) return newcomers;
    this.#newcomers = new Map();
    const frame = encodeMessage({ type: FrameType.RoomInit, ...this.#options.state.snapshot() });
    for (const [token, listener] of newcomers) {
      this.#listeners.set(token, listener);
      listener.sendShard(frame);
    }
    return newcomers;
  }

  #sendToMembers(roomId: Uuid, frame: Uint8Array): void {
    for (const token of this.#options.state.members(roomId)) {
      this.#listeners.get(token)?.sendShard(frame);
    }
  }

  #schedule(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.scheduleFlush();
  }
}
