import type { FrameType } from '@rookery/schemas/frameType';
import { messageClasses, type MessageClass, type PacedClass } from '@rookery/schemas/messageClass';
import type { Uuid } from '@rookery/schemas/messages';
import type { AbuseLimits } from '../abuseLimits.js';
import type { BucketLimits } from '../limits.js';
import { MeterBook } from './meterBook.js';

export interface PacingOptions {
  readonly limits: Pick<AbuseLimits, 'userPace' | 'addressShare' | 'metersMax'>;
  /** Sources that may go as fast as they like. Without it none. */
  readonly isTrusted?: (source: string) => boolean;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Whose budgets a message is taken from. */
export interface Sender {
  readonly userId: Uuid;
  /** See `sourceKey`. */
  readonly source: string;
}

/** A message too many. */
export interface TooFast {
  /** Whose budget is used up. */
  readonly of: 'user' | 'address';
  readonly retryAfterMs: number;
  /** The user did not listen for a long time. */
  readonly isFlooding: boolean;
}

export type RefusedByClass = Readonly<Partial<Record<PacedClass, number>>>;

/** Refusals since the start, and how much is remembered. */
export interface PacingStats {
  readonly refusedOfUsers: RefusedByClass;
  readonly refusedOfAddresses: RefusedByClass;
  readonly users: number;
  readonly addresses: number;
}

/**
 * How fast users and addresses may go with each class of messages. A user who reconnects goes on
 * with the budgets from before; people at one address share budgets of several users.
 */
export class Pacing {
  readonly #nowMs: () => number;
  readonly #isTrusted: (source: string) => boolean;
  readonly #users: MeterBook;
  /** null where addresses are not limited. */
  readonly #addresses: MeterBook | null;
  readonly #refusedOfUsers: Partial<Record<PacedClass, number>> = {};
  readonly #refusedOfAddresses: Partial<Record<PacedClass, number>> = {};

  constructor({ limits, nowMs, isTrusted = () => false }: PacingOptions) {
    const { userPace, addressShare, metersMax } = limits;
    this.#nowMs = nowMs;
    this.#isTrusted = isTrusted;
    this.#users = new MeterBook({ paces: userPace, metersMax });
    const paces = addressShare === 0 ? null : sharedPaces(userPace, addressShare);
    this.#addresses = paces === null ? null : new MeterBook({ paces, metersMax });
  }

  /** Takes a message from the budgets. @returns null where it may go on */
  take(sender: Sender, type: FrameType): TooFast | null {
    const paced = pacedClassOf(type);
    return paced === null ? null : this.takeOf(sender, paced);
  }

  /** The same of a class. */
  takeOf({ userId, source }: Sender, paced: PacedClass): TooFast | null {
    return this.takeOfUser(userId, paced) ?? this.takeOfAddress(source, paced);
  }

  takeOfUser(userId: Uuid, paced: PacedClass): TooFast | null {
    const nowMs = this.#nowMs();
    const bucket = this.#users.bucket(userId, paced, nowMs);
    const retryAfterMs = bucket.take(nowMs);
    if (retryAfterMs === 0) return null;
    count(this.#refusedOfUsers, paced);
    return { of: 'user', retryAfterMs, isFlooding: bucket.isFlooded() };
  }

  /** Nobody is a flooder for what others at the same address send. */
  takeOfAddress(source: string, paced: PacedClass): TooFast | null {
    if (this.#isTrusted(source)) return null;
    const nowMs = this.#nowMs();
    const retryAfterMs = this.#addresses?.bucket(source, paced, nowMs).take(nowMs) ?? 0;
    if (retryAfterMs === 0) return null;
    count(this.#refusedOfAddresses, paced);
    return { of: 'address', retryAfterMs, isFlooding: false };
  }

  /** Call now and then. */
  sweep(): void {
    const nowMs = this.#nowMs();
    this.#users.sweep(nowMs);
    this.#addresses?.sweep(nowMs);
  }

  stats(): PacingStats {
    return {
      refusedOfUsers: { ...this.#refusedOfUsers },
      refusedOfAddresses: { ...this.#refusedOfAddresses },
      users: this.#users.size,
      addresses: this.#addresses?.size ?? 0,
    };
  }
}

/** What a person is told. */
export function tooFastText({ of, retryAfterMs }: Pick<TooFast, 'of' | 'retryAfterMs'>): string {
  const what = of === 'user' ? 'Too fast.' : 'Too much comes from your address.';
  return `${what} Try again in ${retryAfterMs} ms.`;
}

function sharedPaces(paces: AbuseLimits['userPace'], share: number): AbuseLimits['userPace'] {
  const entries = Object.entries(paces) as [PacedClass, BucketLimits][];
  const shared = entries.map(([paced, { perSecond, burst, refusedMax }]) => [
    paced,
    { perSecond: perSecond * share, burst: burst * share, refusedMax },
  ]);
  return Object.fromEntries(shared) as AbuseLimits['userPace'];
}

function pacedClassOf(type: FrameType): PacedClass | null {
  const messageClass: MessageClass = messageClasses[type];
  return messageClass === 'control' || messageClass === 'server' ? null : messageClass;
}

function count(counts: Partial<Record<PacedClass, number>>, paced: PacedClass): void {
  counts[paced] = (counts[paced] ?? 0) + 1;
}
