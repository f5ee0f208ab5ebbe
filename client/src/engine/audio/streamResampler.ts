/** Input samples of each output sample at equal rates; as many of the slower side otherwise. */
const tapsAtUnity = 64;
/** What cannot be kept is 80 dB quieter: Kaiser's window for that, and how wide its slope is. */
const kaiserBeta = 7.86;
const slopeOfNyquist = 0.157;
/**
 * Places between two samples that have a kernel at most. Usual rates need fewer (44.1 to 48 kHz
 * 160); for others what is between two places is interpolated, with an error of −106 dB.
 */
const phasesMax = 512;

/**
 * One signal of any number of channels from one sampling rate to another, piece by piece without a
 * seam: a polyphase filter (windowed sinc; Smith and Gossett, ICASSP 1984). Flat to 84 % of the
 * lower Nyquist frequency, what is above it is 80 dB quieter. Output sample n is the input at
 * n × fromRate / toRate exactly, forever; it comes `delayFrames` of input later. One thread;
 * allocates nothing after construction. Equal rates are copied.
 */
export class StreamResampler {
  /** How much later than its own place in the input a sample comes out, in input sample frames. */
  readonly delayFrames: number;
  /** Most sample frames that one call gives. */
  readonly outputFramesMax: number;
  readonly #channels: number;
  readonly #taps: number;
  readonly #phases: number;
  /** A row for each phase, for that after the last one, and for what was interpolated. */
  readonly #kernels: Float32Array;
  /** Input that is still needed, interleaved; `#held` sample frames of it are filled. */
  readonly #history: Float32Array;
  #held: number;
  /** Where the next output's first tap is: sample frames, and `#rest` of `#outUnits` more. */
  #at = 0;
  #rest = 0;
  /** The rates without their common divisor. */
  readonly #inUnits: number;
  readonly #outUnits: number;

  /**
   * @param fromRate whole Hz, @param toRate too
   * @param channels interleaved in input and output
   * @param inputFramesMax longest piece, in sample frames
   */
  constructor(fromRate: number, toRate: number, channels: number, inputFramesMax: number) {
    const divisor = commonDivisor(fromRate, toRate);
    this.#inUnits = fromRate / divisor;
    this.#outUnits = toRate / divisor;
    this.#channels = channels;
    const slower = Math.max(1, fromRate / toRate);
    const isCopied = fromRate === toRate;
    this.#taps = isCopied ? 1 : 2 * Math.ceil((tapsAtUnity * slower) / 2);
    this.#phases = Math.min(this.#outUnits, phasesMax);
    this.#kernels = new Float32Array((this.#phases + 2) * this.#taps);
    if (!isCopied) fillKernels(this.#kernels, this.#taps, this.#phases, slower);
    this.delayFrames = this.#taps >>> 1;
    this.#held = Math.max(0, this.delayFrames - 1);
    this.#history = new Float32Array((this.#taps + inputFramesMax) * channels);
    this.outputFramesMax = Math.ceil((inputFramesMax * toRate) / fromRate) + 1;
  }

  /**
   * @param input its first `inputFrames` sample frames are the next of the signal
   * @param out room for `outputFramesMax` sample frames
   * @returns sample frames written
   */
  process(input: Float32Array, inputFrames: number, out: Float32Array): number {
    const channels = this.#channels;
    if (this.#taps === 1) {
      for (let i = 0; i < inputFrames * channels; i++) out[i] = input[i]!;
      return inputFrames;
    }
    const heldAt = this.#held * channels;
    for (let i = 0; i < inputFrames * channels; i++) this.#history[heldAt + i] = input[i]!;
    this.#held += inputFrames;
    let frames = 0;
    while (this.#at + this.#taps <= this.#held) {
      const kernelAt = this.#kernelAt();
      for (let c = 0; c < channels; c++) out[frames * channels + c] = this.#filtered(c, kernelAt);
      frames++;
      this.#rest += this.#inUnits;
      const whole = Math.floor(this.#rest / this.#outUnits);
      this.#at += whole;
      this.#rest -= whole * this.#outUnits;
    }
    const done = Math.min(this.#at, this.#held);
    this.#history.copyWithin(0, done * channels, this.#held * channels);
    this.#held -= done;
    this.#at -= done;
    return frames;
  }

  /** @returns where the next output's kernel begins */
  #kernelAt(): number {
    const taps = this.#taps;
    const phase = (this.#rest * this.#phases) / this.#outUnits;
    const row = Math.floor(phase);
    const share = phase - row;
    const low = row * taps;
    if (share === 0) return low;
    const between = (this.#phases + 1) * taps;
    for (let i = 0; i < taps; i++) {
      const value = this.#kernels[low + i]!;
      this.#kernels[between + i] = value + share * (this.#kernels[low + taps + i]! - value);
    }
    return between;
  }

  #filtered(channel: number, kernelAt: number): number {
    const channels = this.#channels;
    let from = this.#at * channels + channel;
    let sum = 0;
    for (let i = 0; i < this.#taps; i++) {
      sum += this.#kernels[kernelAt + i]! * this.#history[from]!;
      from += channels;
    }
    return sum;
  }
}

/** @param slower how many input samples are one of the slower side */
function fillKernels(kernels: Float32Array, taps: number, phases: number, slower: number): void {
  const cutoff = (1 - slopeOfNyquist / 2) / slower;
  const kernel = new Float64Array(taps);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      const away = i - (taps / 2 - 1) - phase / phases;
      kernel[i] = sinc(cutoff * away) * kaiser((2 * away) / taps);
      sum += kernel[i]!;
    }
    // What does not change stays as it is.
    for (let i = 0; i < taps; i++) kernels[phase * taps + i] = kernel[i]! / sum;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param x −1 … 1; nothing outside */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
