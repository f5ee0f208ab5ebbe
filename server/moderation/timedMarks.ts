/**
 * Marks that end by themselves, a bounded number of them. Pure: the clock is the caller's. Where
 * there are too many, the one that was set longest ago goes.
 */
export class TimedMarks {
  readonly #countMax: number;
  /** When each ends; who was marked longest ago first. */
  readonly #untilMs = new Map<string, number>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** @param forMs how long the mark lasts from now on */
  set(key: string, forMs: number, nowMs: number): void {
    this.#untilMs.delete(key);
    this.#untilMs.set(key, nowMs + forMs);
    for (const [other, untilMs] of this.#untilMs) {
      if (untilMs > nowMs && this.#untilMs.size <= this.#countMax) break;
      this.#untilMs.delete(other);
    }
  }

  /** @returns for how many milliseconds it still lasts; 0 for none */
  leftMs(key: string, nowMs: number): number {
    return Math.max(0, (this.#untilMs.get(key) ?? nowMs) - nowMs);
  }
}
