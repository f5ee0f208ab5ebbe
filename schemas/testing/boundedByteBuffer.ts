import { ByteBuffer } from 'flatbuffers';
import type { Encoding } from 'flatbuffers';

/**
 * A FlatBuffers buffer that throws RangeError where the runtime would read past its end, or before
 * its start, without a word. What passed the verifier must be readable through it.
 */
export class BoundedByteBuffer extends ByteBuffer {
  override readInt8(offset: number): number {
    this.#check(offset, 1);
    return super.readInt8(offset);
  }

  override readUint8(offset: number): number {
    this.#check(offset, 1);
    return super.readUint8(offset);
  }

  override readInt16(offset: number): number {
    this.#check(offset, 2);
    return super.readInt16(offset);
  }

  override readUint16(offset: number): number {
    this.#check(offset, 2);
    return super.readUint16(offset);
  }

  override readInt32(offset: number): number {
    this.#check(offset, 4);
    return super.readInt32(offset);
  }

  override readUint32(offset: number): number {
    this.#check(offset, 4);
    return super.readUint32(offset);
  }

  override readInt64(offset: number): bigint {
    this.#check(offset, 8);
    return super.readInt64(offset);
  }

  override readUint64(offset: number): bigint {
    this.#check(offset, 8);
    return super.readUint64(offset);
  }

  override __string(offset: number, encoding?: Encoding): string | Uint8Array {
    this.#check(this.__vector(offset), this.__vector_len(offset));
    return super.__string(offset, encoding);
  }

  #check(offset: number, bytes: number): void {
    if (!(offset >= 0 && bytes >= 0 && offset + bytes <= this.capacity())) {
      throw new RangeError(`${bytes} bytes at ${offset} are outside the buffer`);
    }
  }
}
