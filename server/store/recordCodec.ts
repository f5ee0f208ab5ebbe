import { uuidBytes, uuidFromBytes, writeUuid, type Uuid } from '@rookery/schemas/uuid';
import { ServerError } from '../errors.js';

/**
 * The bytes of a record: one byte for the version of its layout, then its fields one after another,
 * little-endian, text as UTF-8 behind its length. Each kind of record has a file of its own that
 * reads every version that there ever was and writes the newest.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true });

const timeBytes = 6;

/** Most records fit. */
const firstBytes = 512;

/** Builds one record. What it gives is the memory that it built in. */
export class RecordWriter {
  #bytes: Buffer;
  #length = 0;

  /**
   * @param version 0 … 255
   * @param expectedBytes how long it becomes; one that becomes longer is moved as it grows
   */
  constructor(version: number, expectedBytes = firstBytes) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes);
    this.u8(version);
  }

  u8(value: number): this {
    const at = this.#take(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#take(2);
    this.#bytes.writeUInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    this.#bytes.writeUInt32LE(value, at);
    return this;
  }

  /** @param ms milliseconds since 1970, below 2^48; fractions are dropped */
  time(ms: number): this {
    const at = this.#take(timeBytes);
    this.#bytes.writeUIntLE(Math.floor(ms), at, timeBytes);
    return this;
  }

  uuid(value: Uuid): this {
    const at = this.#take(uuidBytes);
    writeUuid(value, this.#bytes, at);
    return this;
  }

  /** As many bytes as they are: the reader knows how many. */
  bytes(value: Uint8Array): this {
    const at = this.#take(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** @param value at most 65,535 bytes of UTF-8 */
  text(value: string): this {
    const byteLength = Buffer.byteLength(value);
    this.u16(byteLength);
    const at = this.#take(byteLength);
    this.#bytes.write(value, at, 'utf8');
    return this;
  }

  /** @returns the record; nothing may be added to it any more */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #take(byteLength: number): number {
    const at = this.#length;
    this.#length += byteLength;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    return at;
  }
}

/** Reads one record; each call gives the next field. */
export class RecordReader {
  readonly version: number;
  readonly #what: string;
  readonly #bytes: Buffer;
  #at = 0;

  /**
   * @param what names the kind of record in errors
   * @param versionMax the newest version that the caller reads
   * @throws ServerError `unusableData`, as all other calls for what is not there
   */
  constructor(what: string, bytes: Uint8Array, versionMax: number) {
    this.#what = what;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.version = this.u8();
    if (this.version < 1 || this.version > versionMax) {
      throw this.damaged(`has the version ${this.version}, which is not known`);
    }
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  time(): number {
    return this.#bytes.readUIntLE(this.#take(timeBytes), timeBytes);
  }

  uuid(): Uuid {
    const at = this.#take(uuidBytes);
    return uuidFromBytes(this.#bytes.subarray(at, at + uuidBytes));
  }

  /** @returns a copy */
  bytes(byteLength: number): Uint8Array {
    const at = this.#take(byteLength);
    return new Uint8Array(this.#bytes.subarray(at, at + byteLength));
  }

  text(): string {
    const byteLength = this.u16();
    const at = this.#take(byteLength);
    try {
      return utf8.decode(this.#bytes.subarray(at, at + byteLength));
    } catch {
      throw this.damaged('holds bytes that are no text');
    }
  }

  /** Says that all was read. */
  finish(): void {
    if (this.#at !== this.#bytes.length) throw this.damaged('is longer than it should be');
  }

  /** What to throw for a field that cannot be. */
  damaged(how: string): ServerError {
    return new ServerError(
      'unusableData',
      `A record of the database (${this.#what}) ${how}. Run "rookery check", and restore a ` +
        'backup where it finds damage.',
    );
  }

  #take(byteLength: number): number {
    const at = this.#at;
    if (at + byteLength > this.#bytes.length) throw this.damaged('ends too early');
    this.#at = at + byteLength;
    return at;
  }
}
