import type { Uuid } from '@rookery/schemas/messages';
import { TokenBucket } from '../command/tokenBucket.js';
import type { BucketLimits } from '../limits.js';

/** Users whose pace is remembered; whoever did nothing for longest is forgotten first. */
const usersMax = 10_000;

/** How fast each user may do something, over all sessions of that user. Pure but for the clock. */
export class UserPace {
  readonly #limits: BucketLimits;
  readonly #nowMs: () => number;
  readonly #buckets = new Map<Uuid, TokenBucket>();

  /** @param nowMs monotonic */
  constructor(limits: BucketLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** @returns 0, or the milliseconds after which the user may do it again */
  take(userId: Uuid): number {
    const nowMs = this.#nowMs();
    const bucket = this.#buckets.get(userId) ?? new TokenBucket(this.#limits, nowMs);
    this.#buckets.delete(userId);
    this.#buckets.set(userId, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > usersMax && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket.take(nowMs);
  }
}
