import { encodeServerSignal } from '@rookery/schemas/signalDatagram';
import type { Publisher } from '../broadcast/publisher.js';
import { SignalRelay } from '../broadcast/signalRelay.js';
import type { SignalLimits } from '../signalLimits.js';
import type { CommunityState } from '../state/communityState.js';
import type { Applied } from '../state/outcome.js';
import type { CallBook } from '../talks/callBook.js';
import type { TextPlaces } from '../text/textPlaces.js';
import type { Connection, Session } from './connection.js';
import { LossReports } from './lossReports.js';
import { SignalDoor, type SignalCounters, type SignalDoorOptions } from './signalDoor.js';

export interface SignalsOptions {
  readonly state: Pick<CommunityState, 'session' | 'roomsHeardBy'>;
  readonly calls: Pick<CallBook, 'areTogether'>;
  readonly publisher: Pick<Publisher, 'viewersOf'>;
  readonly places: TextPlaces;
  readonly limits: SignalLimits;
  /** The connection of a session, or null where it has none. */
  readonly connectionOf: (sessionToken: number) => Connection | null;
  readonly takeFromBudgets: SignalDoorOptions['takeFromBudgets'];
  /** Called after datagrams were sent. */
  readonly wake: () => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Signals since the start. */
export interface SignalStats extends SignalCounters {
  /** Datagrams sent. */
  readonly out: number;
  /** To somebody without a connection, or whose connection takes none. */
  readonly droppedSend: number;
}

/**
 * Who types, who is at the computer, and how much of a voice gets lost: from a client's datagram to
 * those of the others.
 */
export class Signals {
  readonly #door: SignalDoor;
  readonly #relay: SignalRelay;
  readonly #lossReports: LossReports;
  readonly #options: SignalsOptions;
  #out = 0;
  #droppedSend = 0;
  #repeatedAtMs: number;

  constructor(options: SignalsOptions) {
    this.#options = options;
    const { state, publisher } = options;
    this.#repeatedAtMs = options.nowMs();
    this.#relay = new SignalRelay({
      limits: options.limits,
      roomOf: (token) => state.session(token)?.roomId ?? null,
      viewersOf: (roomId) => publisher.viewersOf(roomId),
      send: (token, datagram) => this.#send(token, datagram),
      scheduleFlush: (delayMs) => void setTimeout(() => this.#flush(), delayMs).unref(),
    });
    this.#lossReports = new LossReports({
      limits: options.limits.lossReports,
      mayHear: (token) => this.#hearingOf(token),
      tell: (token, lossPct) => this.#tellLoss(token, lossPct),
    });
    const desks = { relay: this.#relay, lossReports: this.#lossReports };
    this.#door = new SignalDoor({ ...options, ...desks });
  }

  receive(session: Session, datagram: Uint8Array): void {
    this.#door.receive(session, datagram);
  }

  /** Sessions that are gone have no presence any more. */
  note({ changes }: Applied): void {
    for (const change of changes) {
      if (change.kind === 'sessionRemoved') this.#door.forget(change.sessionToken);
    }
  }

  /** To be called every second or so. */
  sweep(nowMs: number): void {
    this.#lossReports.sweep(nowMs);
    if (nowMs - this.#repeatedAtMs < this.#options.limits.repeatMs) return;
    this.#repeatedAtMs = nowMs;
    this.#relay.repeat();
  }

  stats(): SignalStats {
    return { ...this.#door.counters, out: this.#out, droppedSend: this.#droppedSend };
  }

  /** Whose voice goes to a session: by its room, what it listens to, or its call. Not its own. */
  #hearingOf(receiverToken: number): (speakerToken: number) => boolean {
    const { state, calls } = this.#options;
    const rooms = state.roomsHeardBy(receiverToken);
    return (speakerToken) => {
      if (speakerToken === receiverToken) return false;
      const roomId = state.session(speakerToken)?.roomId ?? null;
      const isInRoom = roomId !== null && rooms.has(roomId);
      return isInRoom || calls.areTogether(receiverToken, speakerToken);
    };
  }

  #tellLoss(speakerToken: number, lossPct: number): void {
    for (const datagram of encodeServerSignal({ kind: 'receiverReport', lossPct })) {
      this.#send(speakerToken, datagram);
    }
    this.#options.wake();
  }

  #send(sessionToken: number, datagram: Uint8Array): void {
    const isSent = this.#options.connectionOf(sessionToken)?.sendDatagram(datagram) ?? false;
    if (isSent) this.#out += 1;
    else this.#droppedSend += 1;
  }

  #flush(): void {
    this.#relay.flush();
    this.#options.wake();
  }
}
