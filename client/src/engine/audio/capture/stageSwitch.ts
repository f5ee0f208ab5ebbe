import { stepSamples } from '../audioLimits.js';

/**
 * Lets a stage be switched while it runs. Switched on it first works for a step unheard, because it
 * still remembers sound of long ago; then, as when it is switched off, sound goes over a step from
 * what it is without the stage to what it is with it, or back. One thread; allocates nothing.
 */
export class StageSwitch {
  readonly #without = new Float32Array(stepSamples);
  #hasRun = false;
  /** Shares of the stage's sound at the beginning and the end of the step: 0 or 1. */
  #from = 0;
  #to = 0;

  /**
   * To be called before the stage works on `step`.
   *
   * @returns whether it is to work at all; `end` is to be called after it then
   */
  begin(step: Float32Array, isOn: boolean): boolean {
    this.#from = this.#to;
    this.#to = isOn && this.#hasRun ? 1 : 0;
    this.#hasRun = isOn;
    if (!isOn && this.#from === 0) return false;
    this.#without.set(step);
    return true;
  }

  /** @param step what the stage made of it; what is to be heard takes its place */
  end(step: Float32Array): void {
    if (this.#from === 1 && this.#to === 1) return;
    const slope = (this.#to - this.#from) / stepSamples;
    for (let i = 0; i < stepSamples; i++) {
      const without = this.#without[i]!;
      step[i] = without + (this.#from + slope * (i + 1)) * (step[i]! - without);
    }
  }
}
