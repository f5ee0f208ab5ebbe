/** Width of a bucket, microseconds: far below what a delay is judged by. */
const bucketUs = 10;
/** Buckets: one second. */
const buckets = 100_000;

/** Delays counted in steps of 10 µs up to a second; allocates only when it is made. */
export class DelayHistogram {
  readonly #counts = new Uint32Array(buckets + 1);
  #count = 0;
  #maxUs = 0;

  /** Delays in all. */
  get count(): number {
    return this.#count;
  }

  get maxUs(): number {
    return this.#maxUs;
  }

  /** @param delayUs below 0 where two clocks are read a moment apart: counted as 0 */
  add(delayUs: number): void {
    const bucket = Math.min(Math.max(Math.floor(delayUs / bucketUs), 0), buckets);
    this.#counts[bucket]!++;
    this.#count++;
    if (delayUs > this.#maxUs) this.#maxUs = delayUs;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#maxUs = 0;
  }

  /**
   * The delay that the given share of all does not exceed: the upper edge of its bucket, or the
   * largest delay where that is less.
   *
   * @param share 0 … 1
   * @returns microseconds; 0 without delays
   */
  quantileUs(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min((bucket + 1) * bucketUs, this.#maxUs);
    }
    return this.#maxUs;
  }
}
