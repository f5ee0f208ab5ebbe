import { Encoding } from 'flatbuffers';
import type { Builder, Offset } from 'flatbuffers';
import { ProtocolError } from '../protocolError.js';
import { uuidBytes, uuidFromBytes, uuidToBytes } from '../uuid.js';
import type { Uuid } from '../uuid.js';

/**
 * The kinds of fields that messages are made of. A field is declared once, with its name and its
 * limits, and the same checks hold in both directions: what `write` lets pass, `read` takes.
 * Everything here throws ProtocolError 'invalidField', naming the field. Values that are read are
 * copies, so that none keeps the received frame in memory.
 */

/** How generated accessors are asked for a string: as bytes, because their decoder is lenient. */
export const utf8Bytes = Encoding.UTF8_BYTES;

/** Strict, and a byte order mark is text like any other: nothing is lost between two encodings. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A field that lies outside its table: a vector or a string. */
export interface VectorField<Raw, Value> {
  /** @param raw what the generated accessor gives, null when the field is absent */
  readonly read: (raw: Raw | null) => Value;
  /** @returns the offset to put into the table; 0 leaves the field out */
  readonly write: (builder: Builder, value: Value) => Offset;
}

/** Exactly `length` bytes: a key, a signature, a hash. */
export function bytesField(name: string, length: number): VectorField<Uint8Array, Uint8Array> {
  return {
    read: (raw) => checkLength(name, present(name, raw), length).slice(),
    write: (builder, bytes) => builder.createByteVector(checkLength(name, bytes, length)),
  };
}

/** 1 … `bytesMax` bytes of a file. */
export function chunkField(name: string, bytesMax: number): VectorField<Uint8Array, Uint8Array> {
  const check = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length >= 1 && bytes.length <= bytesMax) return bytes;
    return refuse(`${name} has ${bytes.length} bytes, not 1 to ${bytesMax}`);
  };
  return {
    read: (raw) => check(present(name, raw)).slice(),
    write: (builder, bytes) => builder.createByteVector(check(bytes)),
  };
}

/** The 16 bytes of a UUID. */
export function idField(name: string): VectorField<Uint8Array, Uuid> {
  return {
    read: (raw) => uuidFromBytes(checkLength(name, present(name, raw), uuidBytes)),
    write: (builder, id) => builder.createByteVector(uuidToBytes(id)),
  };
}

/** The bytes of at most `countMax` UUIDs, one after another. An absent field is an empty list. */
export function idListField(
  name: string,
  countMax: number,
): VectorField<Uint8Array, readonly Uuid[]> {
  const ids = listField(name, countMax);
  return {
    read: (raw) => {
      const bytes = raw ?? new Uint8Array(0);
      if (bytes.length % uuidBytes !== 0) refuse(`${name} has ${bytes.length} bytes, no whole ids`);
      return ids.read(bytes.length / uuidBytes, (index) =>
        uuidFromBytes(bytes.subarray(index * uuidBytes, (index + 1) * uuidBytes)),
      );
    },
    write: (builder, values) => {
      checkCount(name, values.length, countMax);
      const bytes = new Uint8Array(values.length * uuidBytes);
      values.forEach((id, index) => bytes.set(uuidToBytes(id), index * uuidBytes));
      return builder.createByteVector(bytes);
    },
  };
}

/** As idListField(), of different ids in ascending order: one list of them has one form. */
export function sortedIdListField(
  name: string,
  countMax: number,
): VectorField<Uint8Array, readonly Uuid[]> {
  const field = idListField(name, countMax);
  const check = (ids: readonly Uuid[]): readonly Uuid[] => {
    const isSorted = ids.every((id, index) => index === 0 || ids[index - 1]! < id);
    if (!isSorted) refuse(`${name} is not in ascending order`);
    return ids;
  };
  return {
    read: (raw) => check(field.read(raw)),
    write: (builder, ids) => field.write(builder, check(ids)),
  };
}

/** As `field`, or absent. */
export function optional<Raw, Value>(
  field: VectorField<Raw, Value>,
): VectorField<Raw, Value | null> {
  return {
    read: (raw) => (raw === null ? null : field.read(raw)),
    write: (builder, value) => (value === null ? 0 : field.write(builder, value)),
  };
}

/** Text of at most `bytesMax` bytes of valid UTF-8. Written, half a surrogate pair is refused. */
export function textField(
  name: string,
  bytesMax: number,
): VectorField<string | Uint8Array, string> {
  const check = (bytes: Uint8Array): void => {
    if (bytes.length > bytesMax) refuse(`${name} has ${bytes.length} bytes, at most ${bytesMax}`);
  };
  return {
    read: (raw) => {
      const bytes = present(name, raw);
      if (typeof bytes === 'string') throw new TypeError(`${name} was not read as bytes`);
      check(bytes);
      try {
        return strictUtf8.decode(bytes);
      } catch (cause) {
        throw new ProtocolError('invalidField', `${name} is not UTF-8`, { cause });
      }
    },
    write: (builder, text) => {
      if (/\p{Cs}/u.test(text)) refuse(`${name} holds half a surrogate pair`);
      const bytes = Buffer.from(text, 'utf8');
      check(bytes);
      return builder.createString(bytes);
    },
  };
}

/** A list of at most `countMax` elements. FlatBuffers does not tell absent from empty. */
export interface ListField {
  /** @param readAt reads the element at an index below `count` */
  readonly read: <Value>(count: number, readAt: (index: number) => Value) => Value[];
  /** @returns the offsets of the elements, for the generated create…Vector */
  readonly write: <Value>(values: readonly Value[], write: (value: Value) => Offset) => Offset[];
}

export function listField(name: string, countMax: number): ListField {
  return {
    read: (count, readAt) => {
      checkCount(name, count, countMax);
      return Array.from({ length: count }, (_, index) => readAt(index));
    },
    write: (values, write) => {
      checkCount(name, values.length, countMax);
      return values.map(write);
    },
  };
}

/** A value of a generated enum, checked in both directions. */
export function enumField<Value extends number>(
  name: string,
  values: Readonly<Record<string, string | Value>>,
): (value: Value) => Value {
  const known = new Set(Object.values(values).filter((value) => typeof value === 'number'));
  return (value) => {
    if (!known.has(value)) refuse(`${name} is ${value}, which means nothing`);
    return value;
  };
}

/** An integer from `min` to `max`, checked in both directions. */
export function integerField(name: string, min: number, max: number): (value: number) => number {
  return (value) => {
    if (!Number.isInteger(value) || value < min || value > max) {
      refuse(`${name} is ${value}, not a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

/** A u64 on the wire that is a JavaScript integer here: 0 … 2^53 − 1. */
export function safeIntegerField(name: string): {
  readonly read: (raw: bigint) => number;
  readonly write: (value: number) => bigint;
} {
  const check = integerField(name, 0, Number.MAX_SAFE_INTEGER);
  return { read: (raw) => check(Number(raw)), write: (value) => BigInt(check(value)) };
}

/** A time in milliseconds since 1970 as a u64; 0 stands for null. */
export function timeOrNever(name: string): {
  readonly read: (raw: bigint) => number | null;
  readonly write: (value: number | null) => bigint;
} {
  const time = safeIntegerField(name);
  return {
    read: (raw) => (raw === 0n ? null : time.read(raw)),
    write: (value) => (value === null ? 0n : time.write(value)),
  };
}

/** @throws ProtocolError 'invalidField' when a field that must be there is absent */
export function present<Raw>(name: string, raw: Raw | null): Raw {
  return raw ?? refuse(`${name} is missing`);
}

function checkCount(name: string, count: number, countMax: number): void {
  if (count > countMax) refuse(`${name} has ${count} elements, at most ${countMax}`);
}

function checkLength(name: string, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) refuse(`${name} has ${bytes.length} bytes, not ${length}`);
  return bytes;
}

function refuse(message: string): never {
  throw new ProtocolError('invalidField', message);
}
