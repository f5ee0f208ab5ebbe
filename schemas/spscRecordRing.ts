import { assertRingSize, RingHeader, ringHeaderBytes } from './ringHeader.js';

/** Bytes that a record takes beside its own: its length, as Int32. */
const lengthBytes = Int32Array.BYTES_PER_ELEMENT;

/**
 * @param bytes room for so many bytes of records and their lengths; a power of two from 4
 * @returns the memory of an empty `SpscRecordRing`, to be handed to both threads
 */
export function createRecordRing(bytes: number): SharedArrayBuffer {
  assertRingSize(bytes);
  return new SharedArrayBuffer(ringHeaderBytes + bytes);
}

/**
 * Byte records of any length from one producer thread to one consumer thread, in order. Each thread
 * makes its own object over the same memory. `push` and `pop` are wait-free and allocate nothing.
 *
 *     ┌ i32 ────┬─────────┬─────────────┬ i32 ────┬──
 *     │ length  │ bytes … │ 0–3 padding │ length  │ …     indices count bytes, multiples of four
 *     └─────────┴─────────┴─────────────┴─────────┴──
 */
export class SpscRecordRing {
  readonly header: RingHeader;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #mask: number;

  /** @param buffer from `createRecordRing` */
  constructor(buffer: SharedArrayBuffer) {
    this.header = new RingHeader(buffer);
    this.#bytes = new Uint8Array(buffer, ringHeaderBytes);
    this.#words = new Int32Array(buffer, ringHeaderBytes);
    this.#mask = this.#bytes.length - 1;
    assertRingSize(this.#bytes.length);
  }

  /**
   * Producer only: copies the first `recordBytes` of `record`.
   *
   * @returns false, and counts an overrun, where they do not fit or fewer than `reserveBytes` would
   * stay free
   */
  push(record: Uint8Array, recordBytes: number, reserveBytes: number): boolean {
    const free = this.#bytes.length - this.header.used;
    if (spanBytes(recordBytes) + reserveBytes > free) {
      this.header.countOverrun();
      return false;
    }
    const start = this.header.writeIndex;
    this.#words[(start & this.#mask) >>> 2] = recordBytes;
    const at = start + lengthBytes;
    for (let i = 0; i < recordBytes; i++) this.#bytes[(at + i) & this.#mask] = record[i]!;
    this.header.publish(start + spanBytes(recordBytes));
    return true;
  }

  /**
   * Consumer only: copies the oldest record to the front of `out`.
   *
   * @returns its length in bytes, or −1 where none waits
   * @throws RangeError where `out` is too short: the two threads disagree about their records
   */
  pop(out: Uint8Array): number {
    if (this.header.used === 0) return -1;
    const start = this.header.readIndex;
    const recordBytes = this.#words[(start & this.#mask) >>> 2]!;
    if (recordBytes > out.length) {
      throw new RangeError(`a record of ${recordBytes} bytes, room for ${out.length}`);
    }
    const at = start + lengthBytes;
    for (let i = 0; i < recordBytes; i++) out[i] = this.#bytes[(at + i) & this.#mask]!;
    this.header.release(start + spanBytes(recordBytes));
    return recordBytes;
  }
}

/** Bytes of the ring that a record takes: length, bytes, padding to a multiple of four. */
function spanBytes(recordBytes: number): number {
  return lengthBytes + ((recordBytes + 3) & ~3);
}
