import { stepsPerSecond } from './captureLimits.js';

/** RMS of speech that is aimed at, in dB of full scale: peaks stay below the limiter mostly. */
const targetDb = -20;
const [gainDbMin, gainDbMax] = [-15, 25];
/** From here on a step is speech, and loud enough to be somebody who speaks here. */
const [voicePermilleMin, speechDbMin] = [600, -60];
/** Speech is known after so many steps of it, 4 s; until then each counts for more. */
const knownSteps = 4 * stepsPerSecond;
/** And is followed from the first second on. */
const firstSteps = 0.3 * stepsPerSecond;
/** How fast the gain moves while somebody speaks, in dB a second: down fast, up slowly. */
const [downDbPerSecond, upDbPerSecond] = [20, 8];

/**
 * Brings quiet and loud speech to one level. It looks at speech alone: in pauses the gain rests,
 * so noise is not pumped up, and within a word it moves too little to be heard. One thread;
 * `process` allocates nothing.
 */
export class GainControl {
  /** What is done to the sound now, in dB. Element 0. */
  readonly #gainDb = new Float64Array(1);
  /** Mean power of speech so far; the last few seconds count most. Element 0. */
  readonly #power = new Float64Array(1);
  #speechSteps = 0;

  /** What is done to the sound now, in hundredths of a dB: a whole number needs no object. */
  get gainHundredths(): number {
    return Math.round(this.#gainDb[0]! * 100) | 0;
  }

  /**
   * @param step the next 10 ms; amplified in place
   * @param voicePermille probability that it is speech, in thousandths
   */
  process(step: Float32Array, voicePermille: number): void {
    const before = 10 ** (this.#gainDb[0]! / 20);
    this.#follow(step, voicePermille);
    const after = 10 ** (this.#gainDb[0]! / 20);
    const slope = (after - before) / step.length;
    for (let i = 0; i < step.length; i++) step[i] = step[i]! * (before + slope * (i + 1));
  }

  #follow(step: Float32Array, voicePermille: number): void {
    let power = 0;
    for (let i = 0; i < step.length; i++) power += step[i]! * step[i]!;
    power /= step.length;
    if (voicePermille < voicePermilleMin || power < 10 ** (speechDbMin / 10)) return;
    this.#speechSteps = Math.min(this.#speechSteps + 1, knownSteps);
    const weight = 1 / Math.max(firstSteps, this.#speechSteps);
    const mean = this.#power[0]!;
    this.#power[0] = this.#speechSteps === 1 ? power : mean + weight * (power - mean);
    const wished = targetDb - 10 * Math.log10(this.#power[0]);
    const bounded = Math.max(gainDbMin, Math.min(gainDbMax, wished));
    const gainDb = this.#gainDb[0]!;
    this.#gainDb[0] = Math.max(
      gainDb - downDbPerSecond / stepsPerSecond,
      Math.min(gainDb + upDbPerSecond / stepsPerSecond, bounded),
    );
  }
}
