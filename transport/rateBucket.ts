/**
 * A token bucket: `perSecond` units flow in, at most `burst` are kept. Starts full. Time is passed
 * in; steps backwards count as no time.
 */
export class RateBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #units: number;
  #filledAtMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#units = burst;
    this.#filledAtMs = nowMs;
  }

  /** Whole units there are now. */
  available(nowMs: number): number {
    const elapsedMs = nowMs - this.#filledAtMs;
    if (elapsedMs > 0) {
      this.#units = Math.min(this.#burst, this.#units + elapsedMs * this.#perMs);
      this.#filledAtMs = nowMs;
    }
    return Math.floor(this.#units);
  }

  /** Takes one unit; false when there is none. */
  take(nowMs: number): boolean {
    if (this.available(nowMs) < 1) return false;
    this.#units--;
    return true;
  }

  /** Takes units that `available` has shown. */
  spend(units: number): void {
    this.#units -= units;
  }
}
