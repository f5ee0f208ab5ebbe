import { uuidBytes, uuidFromBytes, uuidToBytes, writeUuid, type Uuid } from '@rookery/schemas/uuid';

/** Keys of the tables: UUIDs, one after another. They sort as the bytes do. */

/** @returns 16 bytes */
export function idKey(id: Uuid): Uint8Array {
  return uuidToBytes(id);
}

/** @returns 32 bytes, cheap to make: part of memory that Node shares between short buffers */
export function pairKey(first: Uuid, second: Uuid): Uint8Array {
  const key = Buffer.allocUnsafe(2 * uuidBytes);
  writeUuid(first, key, 0);
  writeUuid(second, key, uuidBytes);
  return key;
}

/** The same memory, as LMDB takes it. */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** @param key of 32 bytes */
export function idsOfPair(key: Uint8Array): { readonly first: Uuid; readonly second: Uuid } {
  return {
    first: uuidFromBytes(key.subarray(0, uuidBytes)),
    second: uuidFromBytes(key.subarray(uuidBytes)),
  };
}

/** The lowest key: every other stands behind it. */
export const lowestKey: Uint8Array = Uint8Array.of(0);

/** Above every key that begins with a UUID, but for those of the highest one. */
export const highestKey: Uint8Array = new Uint8Array(2 * uuidBytes + 1).fill(0xff);

/** The first key behind all that begin with these bytes. */
export function keyBehind(prefix: Uint8Array): Uint8Array {
  // Not slice(): that of a Buffer is the same memory.
  const key = Uint8Array.from(prefix);
  for (let at = key.length - 1; at >= 0; at--) {
    const value = key[at]! + 1;
    key[at] = value;
    // A byte that ran over is 0 now, and the one before it goes up.
    if (value <= 0xff) return key;
  }
  return highestKey;
}
