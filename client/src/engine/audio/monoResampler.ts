import libsamplerate from '@alexanderolsen/libsamplerate-js';
import { sampleRate } from '@rookery/schemas/voicePacket';

/**
 * Half length of libsamplerate's best sinc filter in samples of the slower side, rounded up
 * (src_sinc.c: 340,239 coefficients, 2,381 a sample): as many must follow the last sample before
 * all of it is out.
 */
const filterTailSamples = 150;
/** The library refuses higher rates, though it only uses their ratio. */
const libraryRateMax = 192_000;

/** The library's object, as far as it is used. */
interface Converter {
  full(samples: Float32Array): Float32Array;
  destroy(): void;
}

/**
 * One mono signal to 48 kHz by libsamplerate at its best quality, piece by piece: 6 to 20 % of a
 * core in real time. Gives exactly as many samples as the signal lasts, aligned with it. One
 * thread; to be closed when done.
 */
export class MonoResampler {
  readonly #converter: Converter | null;
  readonly #ratio: number;
  #taken = 0;
  #given = 0;

  private constructor(converter: Converter | null, ratio: number) {
    this.#converter = converter;
    this.#ratio = ratio;
  }

  /** @param fromRate of the signal, 1,000 … 384,000 samples a second */
  static async open(fromRate: number): Promise<MonoResampler> {
    const ratio = sampleRate / fromRate;
    if (fromRate === sampleRate) return new MonoResampler(null, ratio);
    const divisor = fromRate > libraryRateMax ? 2 : 1;
    const quality = { converterType: libsamplerate.ConverterType.SRC_SINC_BEST_QUALITY };
    const [from, to] = [fromRate / divisor, sampleRate / divisor];
    return new MonoResampler(await libsamplerate.create(1, from, to, quality), ratio);
  }

  /**
   * @param samples the next of the signal, a second at most; left as they are
   * @returns those at 48 kHz that are certain by now
   */
  push(samples: Float32Array): Float32Array {
    this.#taken += samples.length;
    return this.#clipToSignal(this.#convert(samples));
  }

  /** @returns the rest of the signal; nothing may be pushed after it */
  flush(): Float32Array {
    const tail = Math.ceil(filterTailSamples * Math.max(1, 1 / this.#ratio)) + 1;
    return this.#clipToSignal(this.#convert(new Float32Array(tail)));
  }

  close(): void {
    this.#converter?.destroy();
  }

  #convert(samples: Float32Array): Float32Array {
    return this.#converter ? this.#converter.full(samples) : samples;
  }

  /** Cuts off what lies behind the signal's end: the echo of the zeros that flush pushes. */
  #clipToSignal(converted: Float32Array): Float32Array {
    const left = Math.round(this.#taken * this.#ratio) - this.#given;
    const clipped = converted.subarray(0, Math.max(0, left));
    this.#given += clipped.length;
    return clipped;
  }
}

/**
 * @param samples interleaved, whole sample frames
 * @param from first sample frame to take, @param count how many at most
 * @returns the mean of the channels
 */
export function mixToMono(
  samples: Float32Array,
  audioChannels: number,
  from: number,
  count: number,
): Float32Array {
  const sampleFrames = Math.min(count, samples.length / audioChannels - from);
  const mono = new Float32Array(Math.max(0, sampleFrames));
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < audioChannels; c++) sum += samples[(from + i) * audioChannels + c]!;
    mono[i] = sum / audioChannels;
  }
  return mono;
}
