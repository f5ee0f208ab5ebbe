import type { Uuid } from '@rookery/schemas/messages';
import { encodeServerSignal, type PresenceStatus } from '@rookery/schemas/signalDatagram';
import type { SignalLimits } from '../signalLimits.js';

export interface SignalRelayOptions {
  readonly limits: SignalLimits;
  /** The room in which a session is, or null. */
  readonly roomOf: (sessionToken: number) => Uuid | null;
  /** Who is shown the sessions of a room; null: those in none. */
  readonly viewersOf: (roomId: Uuid | null) => Iterable<number>;
  /** Best effort. */
  readonly send: (sessionToken: number, datagram: Uint8Array) => void;
  /** Runs flush() after this time. */
  readonly scheduleFlush: (delayMs: number) => void;
}

interface TypingNews {
  readonly readers: () => Iterable<number>;
  readonly users: Map<Uuid, 'typing' | 'stopTyping'>;
}

interface Presence {
  readonly status: PresenceStatus;
  /** How often it is still to be repeated, where it is 'online'. */
  repeatsLeft: number;
}

/** That somebody is back matters for a while; who missed it three times learns it at the next. */
const onlineRepeats = 2;

/**
 * Tells many of what is worth nothing a moment later. It is gathered, the newest wins, one datagram
 * holds all that concerns one place or room, and no more datagrams leave than may: however many do
 * something at once, it only takes longer. Pure but for `send`.
 */
export class SignalRelay {
  readonly #options: SignalRelayOptions;
  #typing = new Map<Uuid, TypingNews>();
  #presences = new Map<Uuid | null, Map<number, PresenceStatus>>();
  /** Of everybody who is not online, or was not until now. */
  readonly #known = new Map<number, Presence>();
  #sending: Iterator<readonly [number, Uint8Array]> | null = null;
  #isFlushScheduled = false;

  constructor(options: SignalRelayOptions) {
    this.#options = options;
  }

  /** @param readers who reads in the place, asked when it is told */
  noteTyping(
    placeId: Uuid,
    userId: Uuid,
    kind: 'typing' | 'stopTyping',
    readers: () => Iterable<number>,
  ): void {
    const news = this.#typing.get(placeId) ?? { readers, users: new Map() };
    this.#typing.set(placeId, news);
    news.users.set(userId, kind);
    this.#schedule(this.#options.limits.gatherMs);
  }

  /** What a session says of itself; it may say so again and again. */
  notePresence(sessionToken: number, status: PresenceStatus): void {
    const before = this.#known.get(sessionToken)?.status ?? 'online';
    if (before === status) return;
    this.#known.set(sessionToken, { status, repeatsLeft: onlineRepeats });
    this.#tell(sessionToken, status);
  }

  /** A session is gone. */
  forget(sessionToken: number): void {
    this.#known.delete(sessionToken);
  }

  /** Tells of everybody who is not online again. Call it every `repeatMs`. */
  repeat(): void {
    for (const [sessionToken, presence] of this.#known) {
      this.#tell(sessionToken, presence.status);
      if (presence.status !== 'online') continue;
      presence.repeatsLeft -= 1;
      if (presence.repeatsLeft === 0) this.#known.delete(sessionToken);
    }
  }

  /** Sends what has gathered, or as much of it as may be sent at once. */
  flush(): void {
    const { limits, send } = this.#options;
    this.#isFlushScheduled = false;
    this.#sending ??= this.#datagrams();
    for (let count = 0; count < limits.datagramsPerFlushMax; count++) {
      const next = this.#sending.next();
      if (next.done === true) {
        this.#sending = null;
        break;
      }
      send(...next.value);
    }
    const hasNews = this.#typing.size > 0 || this.#presences.size > 0;
    if (this.#sending !== null || hasNews) this.#schedule(limits.flushIntervalMs);
  }

  #tell(sessionToken: number, status: PresenceStatus): void {
    const roomId = this.#options.roomOf(sessionToken);
    const statuses = this.#presences.get(roomId) ?? new Map<number, PresenceStatus>();
    this.#presences.set(roomId, statuses);
    statuses.set(sessionToken, status);
    this.#schedule(this.#options.limits.gatherMs);
  }

  /** Takes what has gathered; what comes meanwhile is for the next time. */
  *#datagrams(): Generator<readonly [number, Uint8Array]> {
    const typing = this.#typing;
    const presences = this.#presences;
    this.#typing = new Map();
    this.#presences = new Map();
    for (const [placeId, { readers, users }] of typing) {
      for (const kind of ['typing', 'stopTyping'] as const) {
        const userIds = [...users].flatMap(([userId, is]) => (is === kind ? [userId] : []));
        yield* toEach(encodeServerSignal({ kind, placeId, userIds }), readers());
      }
    }
    for (const [roomId, statuses] of presences) {
      const datagrams = encodeServerSignal({ kind: 'presence', statuses: [...statuses] });
      yield* toEach(datagrams, this.#options.viewersOf(roomId));
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#options.scheduleFlush(delayMs);
  }
}

function* toEach(
  datagrams: readonly Uint8Array[],
  sessionTokens: Iterable<number>,
): Generator<readonly [number, Uint8Array]> {
  if (datagrams.length === 0) return;
  // A copy: whoever comes and goes meanwhile changes the original.
  const tokens = [...sessionTokens];
  for (const datagram of datagrams) for (const token of tokens) yield [token, datagram];
}
