import type { PacedClass } from '@rookery/schemas/messageClass';
import { TokenBucket } from '../command/tokenBucket.js';
import type { BucketLimits } from '../limits.js';

/** The budgets of one user or one address; those that were never used take no memory. */
class Meter {
  readonly #buckets = new Map<PacedClass, TokenBucket>();

  bucket(paced: PacedClass, pace: BucketLimits, nowMs: number): TokenBucket {
    let bucket = this.#buckets.get(paced);
    if (bucket === undefined) {
      bucket = new TokenBucket(pace, nowMs);
      this.#buckets.set(paced, bucket);
    }
    return bucket;
  }

  isRested(nowMs: number): boolean {
    for (const bucket of this.#buckets.values()) if (!bucket.isFull(nowMs)) return false;
    return true;
  }
}

export interface MeterBookOptions {
  /** Of each one who is metered. */
  readonly paces: Readonly<Record<PacedClass, BucketLimits>>;
  /** So many are remembered; of more, those who were metered first are forgotten. */
  readonly metersMax: number;
}

/**
 * Budgets by key, and so beyond the life of a connection. Pure: the clock is the caller's. Who has
 * all of its budgets again is forgotten, since nothing is lost with it.
 */
export class MeterBook {
  readonly #options: MeterBookOptions;
  readonly #meters = new Map<string, Meter>();

  constructor(options: MeterBookOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#meters.size;
  }

  /** The bucket from which a message of this class is taken. */
  bucket(key: string, paced: PacedClass, nowMs: number): TokenBucket {
    const { paces, metersMax } = this.#options;
    let meter = this.#meters.get(key);
    if (meter === undefined) {
      if (this.#meters.size >= metersMax) this.#forgetFirst();
      meter = new Meter();
      this.#meters.set(key, meter);
    }
    return meter.bucket(paced, paces[paced], nowMs);
  }

  /** Call now and then. */
  sweep(nowMs: number): void {
    for (const [key, meter] of this.#meters) if (meter.isRested(nowMs)) this.#meters.delete(key);
  }

  #forgetFirst(): void {
    for (const key of this.#meters.keys()) {
      this.#meters.delete(key);
      return;
    }
  }
}
