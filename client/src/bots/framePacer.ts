/**
 * Says when each speaker's next frame is due. All speak at one rate, each with a phase of its own,
 * so the order of the first period is the order of all. No clock of its own; allocates nothing
 * after it is made.
 */
export class FramePacer {
  readonly #periodUs: number;
  readonly #startUs: number;
  /** Speakers in the order of their phases, and the phases in that order. */
  readonly #speakers: Uint32Array;
  readonly #phasesUs: Float64Array;
  #period = 0;
  #place = 0;
  #lagUsMax = 0;

  /**
   * @param phases one for each speaker, 0 … 1 of a period
   * @param startUs when the first period begins
   */
  constructor(phases: readonly number[], framesPerSecond: number, startUs: number) {
    this.#periodUs = 1_000_000 / framesPerSecond;
    this.#startUs = startUs;
    const order = phases.map((_phase, speaker) => speaker);
    order.sort((a, b) => phases[a]! - phases[b]!);
    this.#speakers = Uint32Array.from(order);
    this.#phasesUs = Float64Array.from(order, (speaker) => phases[speaker]! * this.#periodUs);
  }

  /** When the next frame is due; never, where nobody speaks. */
  get nextDueUs(): number {
    if (this.#speakers.length === 0) return Infinity;
    return this.#startUs + this.#period * this.#periodUs + this.#phasesUs[this.#place]!;
  }

  /** By how much a frame was taken later than it was due, at most. */
  get lagUsMax(): number {
    return this.#lagUsMax;
  }

  clearLag(): void {
    this.#lagUsMax = 0;
  }

  /** @returns the speaker whose frame is due, which is thereby taken, or −1 for none */
  take(nowUs: number): number {
    const lagUs = nowUs - this.nextDueUs;
    if (lagUs < 0) return -1;
    if (lagUs > this.#lagUsMax) this.#lagUsMax = lagUs;
    const speaker = this.#speakers[this.#place]!;
    this.#place++;
    if (this.#place === this.#speakers.length) {
      this.#place = 0;
      this.#period++;
    }
    return speaker;
  }
}
