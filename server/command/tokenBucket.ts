import type { BucketLimits } from '../limits.js';

/** Lets a steady rate and a burst through. Pure: the clock is the caller's. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  #tokens: number;
  #filledAtMs: number;
  /** Refusals, of which as many are forgiven a second as it lets through. */
  #refused = 0;

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
    this.#refused = Math.max(0, this.#refused - refilled);
    this.#filledAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    this.#refused += 1;
    return Math.ceil(((1 - this.#tokens) * 1_000) / perSecond);
  }

  /** Whether it lets as much through as one that was never used. */
  isFull(nowMs: number): boolean {
    const { perSecond, burst } = this.#limits;
    const refilled = ((nowMs - this.#filledAtMs) * perSecond) / 1_000;
    return this.#tokens + refilled >= burst;
  }

  /** Whether the peer goes on as if it had not been refused. */
  isFlooded(): boolean {
    return this.#refused > this.#limits.refusedMax;
  }
}
