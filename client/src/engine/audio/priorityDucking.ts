/** Loudness of the others while somebody with priority is heard: −12 dB. */
const duckedGain = 0.25;
/** The way there takes 50 ms, the way back 300 ms: a pause between two words changes nothing. */
const [duckingPerStep, unduckingPerStep] = [(1 - duckedGain) / 5, (1 - duckedGain) / 30];

/** How loud everybody without priority is, step by step of 10 ms. One thread. */
export class PriorityDucking {
  #gain = 1;

  /** At the end of the last step: 0.25 … 1. */
  get gain(): number {
    return this.#gain;
  }

  /**
   * Lets steps pass in which somebody with priority was heard, or nobody.
   *
   * @returns the gain at their end; it goes there in a straight line
   */
  advance(steps: number, isPriorityHeard: boolean): number {
    const change = steps * (isPriorityHeard ? -duckingPerStep : unduckingPerStep);
    this.#gain = Math.max(duckedGain, Math.min(1, this.#gain + change));
    return this.#gain;
  }
}
