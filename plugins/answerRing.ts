/**
 * How the host answers a plugin's thread that waits for it: one answer at a time, in shared memory,
 * because the thread cannot take a message while its plugin is at work.
 *
 *     0   i32  number of the newest answer    written last, and waited for
 *     64  u32  bytes of the answer            on a cache line of its own
 *     68  …    the answer, UTF-8
 *
 * The host alone writes, the thread alone waits. Answers come in the order of the asks, each when
 * the one before was read or given up.
 */

const numberIndex = 0;
const lengthIndex = 16;
const bytesOffset = 68;

/** @param bytesMax of the longest answer */
export function createAnswerRing(bytesMax: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytesOffset + bytesMax);
}

/** The host's end. */
export class AnswerWriter {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory, bytesOffset);
  }

  /** @returns false where the answer is too long; nothing was written then */
  write(askNumber: number, answer: Uint8Array): boolean {
    if (answer.length > this.#bytes.length) return false;
    this.#bytes.set(answer);
    this.#words[lengthIndex] = answer.length;
    Atomics.store(this.#words, numberIndex, askNumber);
    Atomics.notify(this.#words, numberIndex);
    return true;
  }
}

/** The end of the plugin's thread. */
export class AnswerReader {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory, bytesOffset);
  }

  /** Waits for the answer to an ask; blocks the thread. @returns a copy */
  read(askNumber: number): Uint8Array<ArrayBuffer> {
    for (;;) {
      const newest = Atomics.load(this.#words, numberIndex);
      if (newest === askNumber) break;
      Atomics.wait(this.#words, numberIndex, newest);
    }
    return this.#bytes.slice(0, this.#words[lengthIndex]);
  }
}
