import { sampleRate } from '@rookery/schemas/voicePacket';

/** Below it is rumble, hum of 50 Hz and what hands do to desks; the deepest voices are above. */
const cutoffHz = 75;
/** Of the two sections that make a Butterworth filter of order 4. */
const sectionQs = [0.541_2, 1.306_6] as const;

/**
 * Takes away what is deeper than any voice: −24 dB an octave below 75 Hz. One thread; `process`
 * allocates nothing.
 */
export class HighPass {
  readonly #sections = sectionQs.map((q) => new Section(q));

  /** @param step the next samples; the filtered ones take their place */
  process(step: Float32Array): void {
    for (let i = 0; i < this.#sections.length; i++) this.#sections[i]!.process(step);
  }
}

/** A biquad in transposed direct form II (R. Bristow-Johnson, Audio EQ Cookbook, high-pass). */
class Section {
  readonly #b0: number;
  readonly #b1: number;
  readonly #a1: number;
  readonly #a2: number;
  /** What is remembered of samples before: kept in an array, where a number needs no object. */
  readonly #state = new Float64Array(2);

  constructor(q: number) {
    const w = (2 * Math.PI * cutoffHz) / sampleRate;
    const alpha = Math.sin(w) / (2 * q);
    const a0 = 1 + alpha;
    this.#b0 = (1 + Math.cos(w)) / 2 / a0;
    this.#b1 = -2 * this.#b0;
    this.#a1 = (-2 * Math.cos(w)) / a0;
    this.#a2 = (1 - alpha) / a0;
  }

  process(step: Float32Array): void {
    let s1 = this.#state[0]!;
    let s2 = this.#state[1]!;
    for (let i = 0; i < step.length; i++) {
      const sample = step[i]!;
      const filtered = this.#b0 * sample + s1;
      s1 = this.#b1 * sample - this.#a1 * filtered + s2;
      s2 = this.#b0 * sample - this.#a2 * filtered;
      step[i] = filtered;
    }
    // Numbers too small to be heard are slow to calculate with.
    this.#state[0] = Math.abs(s1) < 1e-15 ? 0 : s1;
    this.#state[1] = Math.abs(s2) < 1e-15 ? 0 : s2;
  }
}
