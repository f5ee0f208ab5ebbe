/**
 * One token bucket a row: refills steadily up to the burst. Plain memory of one thread; allocates
 * nothing after it was made.
 */
export class TokenBuckets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #levels: Float64Array;
  readonly #filledAtMs: Float64Array;
  readonly #nowMs: Float64Array;

  /**
   * All buckets start full.
   *
   * @param perSecond what flows in
   * @param burst what a bucket holds
   * @param nowMs its one element is the time
   */
  constructor(rows: number, perSecond: number, burst: number, nowMs: Float64Array) {
    this.#nowMs = nowMs;
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#levels = new Float64Array(rows).fill(burst);
    this.#filledAtMs = new Float64Array(rows);
  }

  /** Fills the bucket: for a new session in the row. */
  reset(row: number): void {
    this.#levels[row] = this.#burst;
    this.#filledAtMs[row] = this.#nowMs[0]!;
  }

  /**
   * Takes the amount, or nothing where less is there.
   *
   * @returns whether it was taken
   */
  take(row: number, amount: number): boolean {
    const nowMs = this.#nowMs[0]!;
    const filled = this.#levels[row]! + (nowMs - this.#filledAtMs[row]!) * this.#perMs;
    const level = Math.min(filled, this.#burst);
    this.#filledAtMs[row] = nowMs;
    const isEnough = level >= amount;
    this.#levels[row] = isEnough ? level - amount : level;
    return isEnough;
  }
}
