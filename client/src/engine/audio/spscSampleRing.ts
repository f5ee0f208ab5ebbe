import { assertRingSize, RingHeader, ringHeaderBytes } from '@rookery/schemas/ringHeader';

/**
 * @param samples room for so many samples; a power of two from 4
 * @returns the memory of an empty `SpscSampleRing`, to be handed to both threads
 */
export function createSampleRing(samples: number): SharedArrayBuffer {
  assertRingSize(samples);
  return new SharedArrayBuffer(ringHeaderBytes + samples * Float32Array.BYTES_PER_ELEMENT);
}

/**
 * Samples (float32, −1…1) from one producer thread to one consumer thread. Each thread makes its
 * own object over the same memory. `push` and `pop` are wait-free, allocate nothing, and take all
 * or nothing. A push into a full ring is refused and counted: the producer is a sound device or a
 * clock and cannot wait.
 */
export class SpscSampleRing {
  readonly header: RingHeader;
  readonly #samples: Float32Array;
  readonly #mask: number;

  /** @param buffer from `createSampleRing` */
  constructor(buffer: SharedArrayBuffer) {
    this.header = new RingHeader(buffer);
    this.#samples = new Float32Array(buffer, ringHeaderBytes);
    this.#mask = this.#samples.length - 1;
    assertRingSize(this.#samples.length);
  }

  /** Samples that it holds at most. */
  get capacity(): number {
    return this.#samples.length;
  }

  /** Samples that a push would find room for. Producer only; a lower bound. */
  get free(): number {
    return this.#samples.length - this.header.used;
  }

  /**
   * Producer only.
   *
   * @param count of `samples`, from the front on; all where not given
   * @returns false, and counts an overrun, where not all of them fit
   */
  push(samples: Float32Array, count = samples.length): boolean {
    if (count > this.free) {
      this.header.countOverrun();
      return false;
    }
    const start = this.header.writeIndex;
    for (let i = 0; i < count; i++) this.#samples[(start + i) & this.#mask] = samples[i]!;
    this.header.publish(start + count);
    return true;
  }

  /**
   * Consumer only: fills the first `count` of `out`, all where not given.
   *
   * @returns false, changing nothing, where fewer samples wait
   */
  pop(out: Float32Array, count = out.length): boolean {
    if (this.header.used < count) return false;
    const start = this.header.readIndex;
    for (let i = 0; i < count; i++) out[i] = this.#samples[(start + i) & this.#mask]!;
    this.header.release(start + count);
    return true;
  }

  /** Consumer only: drops the oldest samples, as many as wait at most. @returns how many */
  discard(samples: number): number {
    const dropped = Math.min(samples, this.header.used);
    this.header.release(this.header.readIndex + dropped);
    return dropped;
  }
}
