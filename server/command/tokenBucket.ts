import type { BucketLimits } from '../limits.js';

/** Lets a steady rate and a burst through. Pure: the clock is the caller's. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  #tokens: number;
  #filledAtMs: number;
  #refusedInRow = 0;

  constructor(limits: BucketLimits, nowMs: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes one. @returns 0, or the milliseconds until there is one again */
  take(nowMs: number): number {
    const { perSecond, burst } = this.#limits;
    const refilled = ((nowMs - this.#filledAtMs) * perSecond) / 1_000;
    this.#tokens = Math.min(burst, this.#tokens + refilled);
    this.#filledAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#refusedInRow = 0;
      return 0;
    }
    this.#refusedInRow += 1;
    return Math.ceil(((1 - this.#tokens) * 1_000) / perSecond);
  }

  /** Whether the peer went on too long after being refused. */
  isFlooded(): boolean {
    return this.#refusedInRow > this.#limits.refusedInRowMax;
  }
}
