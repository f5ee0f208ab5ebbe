import { encodeMessage } from '@rookery/schemas/messageCodec';
import type {
  Change,
  Message,
  RegisterWhisper,
  Resync,
  SessionInfo,
  Uuid,
} from '@rookery/schemas/messages';
import { shardOf } from '@rookery/schemas/roomShard';
import type { AccessDesk } from '../access/accessDesk.js';
import type { BroadcastLimits, WhisperLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { RoomRoute } from '../session/roomStreams.js';
import type { CommunityState } from '../state/communityState.js';
import type { Applied, Move, Refusal } from '../state/outcome.js';
import type { StreamLimits } from '../streamLimits.js';
import type { VoiceFlags } from '../tables/voiceTables.js';
import { RoomHearing } from './roomHearing.js';
import { RoomHeat } from './roomHeat.js';
import { TextReaders } from './textReaders.js';
import { ViewBroadcast, type ResyncCounts } from './viewBroadcast.js';
import { WhisperBook } from './whisperBook.js';

/** A session's streams. They never throw and never block; a reader that is too slow is closed. */
export interface Listener {
  /** On the stream of the view. */
  sendView(frame: Uint8Array): void;
  /** On the stream that carries the room's text. */
  sendRoom(route: RoomRoute, frame: Uint8Array): void;
}

/** What decides who is told what. */
export type PublisherAccess = Pick<AccessDesk, 'can' | 'hidesRooms'>;

/** Rooms that a change is about. */
export type RoomsConcerned = Pick<ReadonlySet<Uuid>, 'has'>;

export interface PublisherOptions {
  readonly state: CommunityState;
  /** It knows what is published, before the voice plane and anybody else does. */
  readonly access: PublisherAccess;
  readonly voice: Pick<
    VoicePlane,
    | 'moveSession'
    | 'removeRoom'
    | 'linkRooms'
    | 'setListening'
    | 'setFlags'
    | 'setRoomVoice'
    | 'setWhisperList'
    | 'removeWhisperList'
  >;
  readonly limits: BroadcastLimits;
  readonly whisperLimits: WhisperLimits;
  readonly streamLimits: StreamLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Gives random bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Runs flush() after this time; 0 is the end of the event loop's turn. Calls add up. */
  readonly scheduleFlush: (delayMs: number) => void;
  /** Is told of everything that is published, before anybody else. */
  readonly onPublish?: (outcome: Applied) => void;
  /** The same when the voice plane knows it, and what sessions are told is noted. */
  readonly onPublished?: () => void;
}

/**
 * Tells everybody what changed: the voice plane at once, the sessions with the next flush. That is
 * at the end of the turn; only after a flush that told many, the next one waits, so that what comes
 * meanwhile is told together. Each frame is encoded once, however many get it.
 *
 * Order on the stream of the view: RoomInit of a new session stands before all but its talks; the
 * key of a room, and keys of whispers, before what shows the move into it (ViewBroadcast). Text of
 * a place keeps its own order, and has none with the view: it names its writer itself.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #hearing: RoomHearing;
  readonly #whispers: WhisperBook;
  readonly #view: ViewBroadcast;
  readonly #heat: RoomHeat;
  readonly #listeners = new Map<number, Listener>();
  readonly #readers: TextReaders;
  #isFlushScheduled = false;
  /** For which counts a flush was scheduled last. */
  #countsFlushAtMs: number | null = null;
  /** Before that, what changes is gathered. */
  #gatherUntilMs = 0;
  #framesOfFlush = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { state, access, limits, whisperLimits } = options;
    this.#readers = new TextReaders(state, access);
    const overlapMs = limits.roomKeyOverlapMs;
    this.#heat = new RoomHeat(options.streamLimits);
    this.#hearing = new RoomHearing({ ...options, overlapMs });
    this.#whispers = new WhisperBook({ ...options, limits: whisperLimits, overlapMs });
    const send = (token: number, frame: Uint8Array): void => this.#send(token, frame);
    this.#view = new ViewBroadcast({ state, access, limits, send });
  }

  get resyncCounts(): ResyncCounts {
    return this.#view.resyncCounts;
  }

  /** Hash of the whole view as it was told last, 32 bytes. */
  get viewHash(): Uint8Array {
    return this.#view.hash;
  }

  /** The session gets the view with the next flush, and everything after it. */
  addListener(sessionToken: number, listener: Listener): void {
    this.#listeners.set(sessionToken, listener);
    this.#view.addSession(sessionToken);
    this.#schedule();
  }

  /** A session is listened to again, on another connection: it is told all that it has missed. */
  returnListener(sessionToken: number, listener: Listener): void {
    this.addListener(sessionToken, listener);
    this.#hearing.noteReturned(sessionToken);
    this.#whispers.noteReturned(sessionToken);
  }

  removeListener(sessionToken: number): void {
    this.#listeners.delete(sessionToken);
    this.#readers.removeSession(sessionToken);
    this.#view.removeSession(sessionToken);
  }

  /** @param outcome what an operation on the state changed, in the order of the operations */
  publish(outcome: Applied): void {
    this.#options.onPublish?.(outcome);
    for (const move of outcome.moves) this.#publishMove(move);
    if (outcome.movedRoom !== undefined) this.#whispers.noteRoomMoved(outcome.movedRoom);
    for (const change of outcome.changes) this.#publishChange(change);
    this.#schedule();
    this.#options.onPublished?.();
  }

  /** What a session may do in these rooms may be something else now. */
  noteAccess(sessionToken: number, roomIds: RoomsConcerned): void {
    const { state, access, voice } = this.#options;
    const session = state.session(sessionToken);
    if (session === null) return;
    voice.setFlags(sessionToken, this.#voiceFlagsOf(session));
    this.#whispers.noteAccess(sessionToken, roomIds);
    const subscribed = [...this.#readers.subscriptionsOf(sessionToken)];
    const own = session.roomId === null ? [] : [session.roomId];
    for (const roomId of [...own, ...subscribed]) {
      if (roomIds.has(roomId)) this.#readers.look(sessionToken, roomId);
    }
    const kept = subscribed.filter((roomId) => access.can(sessionToken, 'traverse', roomId));
    if (kept.length < subscribed.length) this.subscribe(sessionToken, kept);
    this.#schedule();
  }

  /** The session is told of the members and the text of these rooms, beside those of its own. */
  subscribe(sessionToken: number, roomIds: readonly Uuid[]): void {
    this.#readers.subscribe(sessionToken, new Set(roomIds));
    this.#view.subscribe(sessionToken, roomIds);
    this.#schedule();
  }

  /** A part of the session's view is wrong: it is sent again. */
  resync(sessionToken: number, asked: Omit<Resync, 'type'>): void {
    this.#view.resync(sessionToken, asked);
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

  /** Whether the session is sent what is written in a room: it is in it, or subscribed to it. */
  isReader(sessionToken: number, roomId: Uuid): boolean {
    return this.#readers.isReader(sessionToken, roomId);
  }

  /** Tells all who read a room of something in it: a text message, or what became of one. */
  sendToReaders(roomId: Uuid, message: Message): void {
    this.sendToEach(roomId, this.readersOf(roomId), message);
  }

  /** Tokens of the sessions that are sent what is written in a room. */
  readersOf(roomId: Uuid): number[] {
    return this.#readers.readersOf(roomId);
  }

  /** Tokens of the sessions that are shown who is in a room; null: who is in none. */
  viewersOf(roomId: Uuid | null): ReadonlySet<number> {
    return this.#view.audience(roomId);
  }

  /**
   * Tells each of these sessions once of something in a place where people write. What is sent of
   * one place comes in this order; encoded once.
   */
  sendToEach(placeId: Uuid, sessionTokens: Iterable<number>, message: Message): void {
    const { streamLimits, nowMs } = this.#options;
    const frame = encodeMessage(message);
    const shard = shardOf(placeId, streamLimits.shardCount);
    const route = { roomId: placeId, shard, isHot: this.#heat.note(placeId, nowMs()) };
    for (const token of sessionTokens) {
      this.#framesOfFlush += 1;
      this.#listeners.get(token)?.sendRoom(route, frame);
    }
  }

  /** Tells these sessions on the stream of the view, encoded once; some may be gone. */
  sendToSessions(sessionTokens: readonly number[], message: Message): void {
    const frame = encodeMessage(message);
    for (const token of sessionTokens) this.#send(token, frame);
  }

  /** Sends what has gathered. */
  flush(): void {
    const { nowMs, limits } = this.#options;
    this.#isFlushScheduled = false;
    this.#framesOfFlush = 0;
    const news = this.#view.prepare(nowMs());
    this.#view.welcome(news);
    this.#sendKeys();
    this.#view.tell(news);
    const waitMs = Math.min(
      limits.flushWaitMsMax,
      this.#framesOfFlush * limits.flushWaitMsPerFrame,
    );
    this.#gatherUntilMs = nowMs() + waitMs;
    this.#scheduleCounts();
  }

  #publishMove(move: Move): void {
    const { sessionToken, from, to } = move;
    this.#whispers.noteMove(move);
    this.#hearing.noteMove(move);
    for (const roomId of [from, to]) if (roomId !== null) this.#readers.look(sessionToken, roomId);
    const { state, voice } = this.#options;
    const session = state.session(sessionToken);
    // A session that is gone was taken from the voice plane by its token.
    if (session === null) return;
    const flags = this.#voiceFlagsOf(session);
    // Not a packet is relayed to a room in which it may not speak.
    if (flags.suppressed) voice.setFlags(sessionToken, flags);
    voice.moveSession(sessionToken, to);
  }

  #publishChange(change: Change): void {
    const { voice } = this.#options;
    switch (change.kind) {
      case 'roomPut':
        this.#view.noteRoom(change.room.roomId);
        voice.setRoomVoice(change.room.roomId, change.room);
        if (this.#hearing.noteRoom(change.room)) this.#view.noteLinks(change.room.roomId);
        return;
      case 'roomRemoved':
        this.#view.noteRoom(change.roomId);
        this.#readers.removeRoom(change.roomId);
        this.#hearing.noteRoomRemoved(change.roomId);
        this.#whispers.noteRoomRemoved(change.roomId);
        voice.removeRoom(change.roomId);
        return;
      case 'sessionPut': {
        const { sessionToken } = change.session;
        this.#view.noteSession(sessionToken);
        this.#whispers.noteSession(change.session);
        this.#hearing.noteSession(change.session);
        voice.setFlags(sessionToken, this.#voiceFlagsOf(change.session));
        return;
      }
      case 'sessionRemoved':
        this.#view.noteSession(change.sessionToken);
        this.#hearing.noteSessionRemoved(change.sessionToken);
        this.#whispers.noteSessionRemoved(change.sessionToken);
    }
  }

  /** What the relay is told of a session. */
  #voiceFlagsOf(session: SessionInfo): VoiceFlags {
    const { sessionToken, roomId } = session;
    const maySpeak = roomId === null || this.#options.access.can(sessionToken, 'speak', roomId);
    return {
      muted: session.muted || session.mutedByModerator,
      deafened: session.deafened || session.deafenedByModerator,
      suppressed: session.suppressedByModerator || !maySpeak,
    };
  }

  #sendKeys(): void {
    const send = (tokens: Iterable<number>, message: Message): void => {
      const frame = encodeMessage(message);
      for (const token of tokens) this.#send(token, frame);
    };
    this.#hearing.flush(this.#options.nowMs(), send);
    this.#whispers.flush(send);
  }

  #send(sessionToken: number, frame: Uint8Array): void {
    this.#framesOfFlush += 1;
    this.#listeners.get(sessionToken)?.sendView(frame);
  }

  #schedule(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.scheduleFlush(Math.max(0, this.#gatherUntilMs - this.#options.nowMs()));
  }

  #scheduleCounts(): void {
    const { countsDueAtMs } = this.#view;
    if (countsDueAtMs === null || countsDueAtMs === this.#countsFlushAtMs) return;
    this.#countsFlushAtMs = countsDueAtMs;
    this.#options.scheduleFlush(Math.max(0, countsDueAtMs - this.#options.nowMs()));
  }
}
