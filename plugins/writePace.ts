/** How fast somebody may write: so many at once, then one in each interval. Pure. */
export class WritePace {
  readonly #burst: number;
  readonly #intervalMs: number;
  /** When all writes so far would be done at the steady pace. */
  #doneMs = -Infinity;

  constructor(burst: number, intervalMs: number) {
    this.#burst = burst;
    this.#intervalMs = intervalMs;
  }

  /** Takes a write. @param nowMs monotonic. @returns how long it has to wait; 0 for not at all */
  waitMs(nowMs: number): number {
    this.#doneMs = Math.max(this.#doneMs, nowMs) + this.#intervalMs;
    return Math.max(0, this.#doneMs - nowMs - this.#burst * this.#intervalMs);
  }
}
