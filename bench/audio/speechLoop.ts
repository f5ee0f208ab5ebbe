import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';

/** Of the room in which it is spoken: 40 dB below full scale. */
const noiseLevel = 0.01;

/** Speech over a little noise, again and again. Filling allocates nothing. */
export class SpeechLoop {
  readonly #samples: Float32Array;
  #at = 0;

  /** @param seconds after which it begins again */
  constructor(seed: number, seconds: number) {
    const random = new SeededRandom(seed);
    this.#samples = speechLike(random, seconds).map(
      (sample) => sample + noiseLevel * (random.nextUint32() / 2 ** 31 - 1),
    );
  }

  /** @param out mono, the next of the speech */
  fill(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.#next();
  }

  /** @param out interleaved, both channels alike */
  fillStereo(out: Float32Array): void {
    for (let i = 0; i < out.length; i += 2) {
      out[i] = this.#next();
      out[i + 1] = out[i]!;
    }
  }

  #next(): number {
    const sample = this.#samples[this.#at]!;
    this.#at = (this.#at + 1) % this.#samples.length;
    return sample;
  }
}
