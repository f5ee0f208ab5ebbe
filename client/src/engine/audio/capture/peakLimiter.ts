import { sampleRate } from '@rookery/schemas/voicePacket';

/** No sample is louder, in dB of full scale: Opus overshoots a little. */
const ceilingDb = -1;
const ceiling = 10 ** (ceilingDb / 20);
/** How far it looks ahead, which is also what it delays: 1.5 ms. */
const aheadSamples = 72;
/** How fast it lets go again. */
const releaseSeconds = 0.08;
/** From here on it has let go. */
const nearlyOne = 1 - 1e-6;

/**
 * Keeps peaks below full scale without bending them: the gain is down before the peak comes and
 * goes up slowly after it. Sound comes out 1.5 ms later. One thread; `process` allocates nothing.
 *
 * What each sample asks for is held over the samples ahead, then averaged over as many; the mean of
 * values that are all low enough at a peak is low enough there.
 */
export class PeakLimiter {
  readonly #delayed = new Float32Array(aheadSamples);
  /** Gains that the last samples allow, and that they were given. */
  readonly #allowed = new Float64Array(aheadSamples).fill(1);
  readonly #held = new Float64Array(aheadSamples).fill(1);
  /** The gain given last; the sum of `#held`. Numbers in an array need no object each. */
  readonly #state = Float64Array.of(1, aheadSamples);
  readonly #release = 1 - Math.exp(-1 / (releaseSeconds * sampleRate));
  #at = 0;

  /** @param step the next samples, of any loudness; limited in place */
  process(step: Float32Array): void {
    let gain = this.#state[0]!;
    let sum = this.#state[1]!;
    let at = this.#at;
    for (let i = 0; i < step.length; i++) {
      const sample = step[i]!;
      const level = Math.abs(sample);
      this.#allowed[at] = level > ceiling ? ceiling / level : 1;
      this.#delayed[at] = sample;
      if (gain < 1 || level > ceiling) {
        gain = Math.min(this.#lowest(), gain + (1 - gain) * this.#release);
        if (gain > nearlyOne) gain = 1;
      }
      sum += gain - this.#held[at]!;
      this.#held[at] = gain;
      at = at + 1 === aheadSamples ? 0 : at + 1;
      step[i] = this.#delayed[at]! * Math.min(1, sum / aheadSamples);
    }
    this.#at = at;
    this.#state[0] = gain;
    this.#state[1] = this.#sum();
  }

  /** Of what is allowed at the samples ahead. */
  #lowest(): number {
    let lowest = 1;
    for (let i = 0; i < aheadSamples; i++) lowest = Math.min(lowest, this.#allowed[i]!);
    return lowest;
  }

  /** Anew for each step, because rounding would add up over hours. */
  #sum(): number {
    let sum = 0;
    for (let i = 0; i < aheadSamples; i++) sum += this.#held[i]!;
    return sum;
  }
}
