import { decodeClientSignal } from '@rookery/schemas/signalDatagram';
import type { SignalRelay } from '../broadcast/signalRelay.js';
import { TokenBucket } from '../command/tokenBucket.js';
import type { SignalLimits } from '../signalLimits.js';
import type { TextPlaces } from '../text/textPlaces.js';
import type { Session } from './connection.js';
import type { LossReports } from './lossReports.js';

export interface SignalDoorOptions {
  readonly relay: Pick<SignalRelay, 'noteTyping' | 'notePresence' | 'forget'>;
  readonly lossReports: Pick<LossReports, 'note' | 'forget'>;
  readonly places: Pick<TextPlaces, 'toWrite'>;
  readonly limits: SignalLimits;
  /** Takes a signal from the budgets of a session's user and address. @returns whether it may go */
  readonly takeFromBudgets: (session: Session) => boolean;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Signals of clients since the start. */
export interface SignalCounters {
  typing: number;
  presence: number;
  receiverReport: number;
  /** No signal of this protocol. */
  droppedMalformed: number;
  /** More than a session, a user or an address may send. */
  droppedRate: number;
  /** Of somebody who may not write there, or there is no such place. */
  droppedPlace: number;
  /** Losses in reports of somebody who may not hear that speaker. */
  droppedUnheard: number;
}

/** Looks at what clients signal before anybody is told. What is wrong is dropped and counted. */
export class SignalDoor {
  readonly #options: SignalDoorOptions;
  readonly #buckets = new Map<number, TokenBucket>();
  readonly #counters: SignalCounters = {
    typing: 0,
    presence: 0,
    receiverReport: 0,
    droppedMalformed: 0,
    droppedRate: 0,
    droppedPlace: 0,
    droppedUnheard: 0,
  };

  constructor(options: SignalDoorOptions) {
    this.#options = options;
  }

  get counters(): Readonly<SignalCounters> {
    return this.#counters;
  }

  receive(session: Session, datagram: Uint8Array): void {
    const { relay, places, lossReports, nowMs } = this.#options;
    const counters = this.#counters;
    const signal = decodeClientSignal(datagram);
    if (signal === null) {
      counters.droppedMalformed += 1;
    } else if (!this.#mayPass(session.token) || !this.#options.takeFromBudgets(session)) {
      counters.droppedRate += 1;
    } else if (signal.kind === 'presence') {
      counters.presence += 1;
      relay.notePresence(session.token, signal.status);
    } else if (signal.kind === 'receiverReport') {
      counters.receiverReport += 1;
      counters.droppedUnheard += lossReports.note(session.token, signal.losses, nowMs());
    } else {
      const place = places.toWrite(signal.placeId, session);
      if ('refused' in place) {
        counters.droppedPlace += 1;
        return;
      }
      counters.typing += 1;
      relay.noteTyping(signal.placeId, session.userId, signal.kind, () => place.readers());
    }
  }

  /** A session is gone. */
  forget(sessionToken: number): void {
    this.#buckets.delete(sessionToken);
    this.#options.relay.forget(sessionToken);
    this.#options.lossReports.forget(sessionToken);
  }

  #mayPass(sessionToken: number): boolean {
    const { limits, nowMs } = this.#options;
    let bucket = this.#buckets.get(sessionToken);
    if (bucket === undefined) {
      bucket = new TokenBucket({ ...limits.perSession, refusedMax: 0 }, nowMs());
      this.#buckets.set(sessionToken, bucket);
    }
    return bucket.take(nowMs()) === 0;
  }
}
