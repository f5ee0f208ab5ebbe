import { hash } from 'blake3';
import type { RoomInfo, SessionInfo } from './messages.js';
import { uuidToBytes } from './uuid.js';
import type { Uuid } from './uuid.js';

/**
 * Hashes of the view that server and clients share. Each record has one canonical encoding, so both
 * sides come to the same hash from the same facts, whatever bytes carried them:
 *
 *     record        its fields in the order below; numbers little-endian and of fixed width, ids as
 *                   16 bytes, text as u32 length and UTF-8 in NFC, lists (sorted) as u32 count and
 *                   their elements; first a byte for its kind
 *     element hash  BLAKE3 of a record
 *     part hash     the sum of the element hashes of a part, modulo 2^256: in no order, and one
 *                   change costs one element, however large the part is
 *     parts         the tree (every room with its member count), and the members of each room
 *
 * A sum shows that two views differ. It is no defence against somebody who makes up records for it,
 * and need be none: a server that lies may as well hash its lie.
 */

/** Bytes of every hash here. */
export const stateHashBytes = 32;

/** 256 bits as eight words, the lowest first. */
export type ElementHash = Uint32Array;

const wordCount = stateHashBytes / 4;

/** First byte of a record: what it is. */
const RecordKind = { Room: 1, Member: 2, MembersOfRoom: 3 } as const;

/** @param memberCount sessions in this very room */
export function roomElementHash(room: RoomInfo, memberCount: number): ElementHash {
  const record = new CanonicalRecord(RecordKind.Room);
  writeFields(record, roomFields, room);
  record.u32(memberCount);
  return record.hash();
}

export function memberElementHash(session: SessionInfo): ElementHash {
  const record = new CanonicalRecord(RecordKind.Member);
  writeFields(record, sessionFields, session);
  return record.hash();
}

/**
 * What the members of a room add to the hash of a whole view.
 *
 * @param roomId null for those who are in no room
 * @param membersHash hash of the part
 */
export function membersElementHash(roomId: Uuid | null, membersHash: Uint8Array): ElementHash {
  const record = new CanonicalRecord(RecordKind.MembersOfRoom);
  record.optionalId(roomId);
  record.raw(membersHash);
  return record.hash();
}

/** The hash of a part that elements come to and go from. */
export class PartHash<Key> {
  readonly #elements = new Map<Key, ElementHash>();
  readonly #sum = new Uint32Array(wordCount);

  /** Adds an element, or puts it in the place of the one with this key. */
  set(key: Key, element: ElementHash): void {
    // Not by taking it out first: a large map that is churned is laid out anew again and again.
    const before = this.#elements.get(key);
    if (before !== undefined) subtract(this.#sum, before);
    this.#elements.set(key, element);
    add(this.#sum, element);
  }

  /** Takes an element out; nothing where there is none. */
  delete(key: Key): void {
    const element = this.#elements.get(key);
    if (element === undefined) return;
    this.#elements.delete(key);
    subtract(this.#sum, element);
  }

  clear(): void {
    this.#elements.clear();
    this.#sum.fill(0);
  }

  /** @returns a new array of 32 bytes */
  value(): Uint8Array {
    return bytesOf(this.#sum);
  }

  /** @returns the hash of both parts together, in a new array of 32 bytes */
  plus(other: PartHash<unknown>): Uint8Array {
    const sum = this.#sum.slice();
    add(sum, other.#sum);
    return bytesOf(sum);
  }

  /** @param bytes 32 of them */
  equals(bytes: Uint8Array): boolean {
    return Buffer.compare(this.value(), bytes) === 0;
  }
}

/** A field that is not here does not compile: what is not hashed could differ unseen. */
type FieldWriters<T> = {
  readonly [Field in keyof T]-?: (record: CanonicalRecord, value: T[Field]) => void;
};

const roomFields: FieldWriters<RoomInfo> = {
  roomId: (record, value) => record.id(value),
  parentId: (record, value) => record.optionalId(value),
  name: (record, value) => record.text(value),
  speakersMax: (record, value) => record.u32(value),
  bundleWindowMs: (record, value) => record.u32(value),
  bitrate: (record, value) => record.u32(value),
  linkedRoomIds: (record, value) => record.ids(value),
  description: (record, value) => record.text(value),
  position: (record, value) => record.u32(value),
  userLimit: (record, value) => record.u32(value),
  isTemporary: (record, value) => record.u8(Number(value)),
  frameMs: (record, value) => record.u32(value),
  isFecOn: (record, value) => record.u8(Number(value)),
  keepDays: (record, value) => record.u32(value),
  keepMessages: (record, value) => record.u32(value),
  slowModeSeconds: (record, value) => record.u32(value),
  isLocked: (record, value) => record.u8(Number(value)),
  isPrivate: (record, value) => record.u8(Number(value)),
};

const sessionFields: FieldWriters<SessionInfo> = {
  sessionToken: (record, value) => record.u32(value),
  userId: (record, value) => record.id(value),
  displayName: (record, value) => record.text(value),
  roomId: (record, value) => record.optionalId(value),
  muted: (record, value) => record.u8(Number(value)),
  deafened: (record, value) => record.u8(Number(value)),
  listeningTo: (record, value) => record.ids(value),
  isReconnecting: (record, value) => record.u8(Number(value)),
  mutedByModerator: (record, value) => record.u8(Number(value)),
  deafenedByModerator: (record, value) => record.u8(Number(value)),
  suppressedByModerator: (record, value) => record.u8(Number(value)),
  isPrioritySpeaker: (record, value) => record.u8(Number(value)),
  isRecording: (record, value) => record.u8(Number(value)),
  suppressedByRules: (record, value) => record.u8(Number(value)),
  isBot: (record, value) => record.u8(Number(value)),
};

function writeFields<T>(record: CanonicalRecord, fields: FieldWriters<T>, value: T): void {
  for (const name of Object.keys(fields) as (keyof T)[]) fields[name](record, value[name]);
}

/** More than most records take. */
const recordBytes = 192;

class CanonicalRecord {
  #bytes = Buffer.allocUnsafe(recordBytes);
  #length = 0;

  constructor(kind: number) {
    this.u8(kind);
  }

  u8(value: number): void {
    this.#length = this.#reserve(1).writeUInt8(value, this.#length);
  }

  u32(value: number): void {
    this.#length = this.#reserve(4).writeUInt32LE(value, this.#length);
  }

  id(value: Uuid): void {
    this.raw(uuidToBytes(value));
  }

  optionalId(value: Uuid | null): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) this.id(value);
  }

  ids(values: readonly Uuid[]): void {
    this.u32(values.length);
    for (const value of values) this.id(value);
  }

  text(value: string): void {
    const text = value.normalize('NFC');
    const textBytes = Buffer.byteLength(text);
    this.u32(textBytes);
    this.#length += this.#reserve(textBytes).write(text, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  hash(): ElementHash {
    // A string only where the input is one.
    const bytes = hash(this.#bytes.subarray(0, this.#length)) as Buffer;
    return Uint32Array.from({ length: wordCount }, (_, index) => bytes.readUInt32LE(index * 4));
  }

  #reserve(bytes: number): Buffer {
    const needed = this.#length + bytes;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

function bytesOf(sum: Uint32Array): Uint8Array {
  const bytes = Buffer.alloc(stateHashBytes);
  sum.forEach((word, index) => bytes.writeUInt32LE(word, index * 4));
  return new Uint8Array(bytes);
}

function add(sum: Uint32Array, element: ElementHash): void {
  let carry = 0;
  for (let index = 0; index < wordCount; index++) {
    const word = sum[index]! + element[index]! + carry;
    sum[index] = word;
    carry = word > 0xffffffff ? 1 : 0;
  }
}

function subtract(sum: Uint32Array, element: ElementHash): void {
  let borrow = 0;
  for (let index = 0; index < wordCount; index++) {
    const word = sum[index]! - element[index]! - borrow;
    sum[index] = word;
    borrow = word < 0 ? 1 : 0;
  }
}
