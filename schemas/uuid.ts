import { randomBytes, randomUUID } from 'node:crypto';
import { ProtocolError } from './protocolError.js';

/** Lower-case UUID, 36 characters (RFC 9562 section 4). 16 bytes on the wire. */
export type Uuid = string;

export const uuidBytes = 16;

const textLength = 36;
const hyphen = 0x2d;

/**
 * @param bytes 16 bytes, any version or none
 * @throws ProtocolError 'invalidField' for another length
 */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== uuidBytes) {
    throw new ProtocolError('invalidField', `a UUID has ${uuidBytes} bytes, not ${bytes.length}`);
  }
  // Not by joining strings: until it is looked up, a joined string holds all of its parts, ten
  // times what the text takes.
  const text = Buffer.allocUnsafe(textLength);
  for (let i = 0, at = 0; i < uuidBytes; i++) {
    if (isAfterHyphen(i)) text[at++] = hyphen;
    text[at++] = hexDigit(bytes[i]! >> 4);
    text[at++] = hexDigit(bytes[i]! & 0x0f);
  }
  return text.toString('latin1');
}

/**
 * @returns a new array of 16 bytes
 * @throws ProtocolError 'invalidField' for anything but the lower-case form, so that equal ids are
 *   equal strings
 */
export function uuidToBytes(uuid: Uuid): Uint8Array {
  const bytes = new Uint8Array(uuidBytes);
  writeUuid(uuid, bytes, 0);
  return bytes;
}

/**
 * Writes the 16 bytes into memory that is there.
 *
 * @throws ProtocolError as uuidToBytes(); some bytes may be written then
 */
export function writeUuid(uuid: Uuid, bytes: Uint8Array, offset: number): void {
  if (uuid.length !== textLength) refuseText();
  for (let i = 0, at = 0; i < uuidBytes; i++) {
    if (isAfterHyphen(i) && uuid.charCodeAt(at++) !== hyphen) refuseText();
    const high = hexValue(uuid.charCodeAt(at++));
    const low = hexValue(uuid.charCodeAt(at++));
    if (high < 0 || low < 0) refuseText();
    bytes[offset + i] = (high << 4) | low;
  }
}

/** A random UUID, version 4 (RFC 9562 section 5.4). */
export function newUuid(): Uuid {
  return randomUUID();
}

/**
 * A UUID that sorts by time, version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, the rest
 * random. Ids of one millisecond are in no order.
 *
 * @param nowMs milliseconds since 1970, 0 … 2^48 − 1; fractions are dropped
 * @throws RangeError for a time outside
 */
export function newTimeOrderedUuid(nowMs: number): Uuid {
  const ms = Math.floor(nowMs);
  if (!(ms >= 0 && ms < 2 ** 48)) {
    throw new RangeError(`${nowMs} is no time between 0 and 2^48 ms`);
  }
  const bytes = randomBytes(uuidBytes);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return uuidFromBytes(bytes);
}

/** Whether a hyphen stands before the two digits of this byte: 8-4-4-4-12 digits. */
function isAfterHyphen(byteIndex: number): boolean {
  return byteIndex === 4 || byteIndex === 6 || byteIndex === 8 || byteIndex === 10;
}

/** @returns the character code of a lower-case hexadecimal digit */
function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** @returns 0 … 15, or −1 for a character that is no lower-case hexadecimal digit */
function hexValue(charCode: number): number {
  if (charCode >= 0x30 && charCode <= 0x39) return charCode - 0x30;
  if (charCode >= 0x61 && charCode <= 0x66) return charCode - 0x57;
  return -1;
}

function refuseText(): never {
  throw new ProtocolError('invalidField', 'not a UUID in lower case, 8-4-4-4-12 digits');
}
