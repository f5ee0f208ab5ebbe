/** Small writes share blocks of this size, so that a byte kept costs about a byte of memory. */
const blockBytes = 4096;

interface Block {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
}

/** Bytes of one stream that wait until the library takes them, first in, first out. */
export class QuicStreamBuffer {
  readonly #blocks: Block[] = [];
  #bytes = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#bytes;
  }

  /** Copies the bytes in. */
  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    let rest = bytes;
    const last = this.#blocks.at(-1);
    if (last !== undefined) {
      const part = rest.subarray(0, last.bytes.length - last.end);
      last.bytes.set(part, last.end);
      last.end += part.length;
      rest = rest.subarray(part.length);
    }
    if (rest.length === 0) return;
    const block = { bytes: new Uint8Array(Math.max(blockBytes, rest.length)), start: 0, end: 0 };
    block.bytes.set(rest);
    block.end = rest.length;
    this.#blocks.push(block);
  }

  /** At most a block of the first bytes that wait; empty when none wait. Valid until `drop`. */
  front(): Uint8Array {
    const block = this.#blocks[0];
    if (block === undefined) return emptyBytes;
    return block.bytes.subarray(block.start, Math.min(block.end, block.start + blockBytes));
  }

  /** Forgets the first `count` bytes of what `front` gave. */
  drop(count: number): void {
    const block = this.#blocks[0];
    if (block === undefined) return;
    this.#bytes -= count;
    block.start += count;
    if (block.start === block.end) this.#blocks.shift();
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#bytes = 0;
  }
}

const emptyBytes = new Uint8Array(0);
