import { randomBytes, randomUUID } from 'node:crypto';
import { ProtocolError } from './protocolError.js';

/** Lower-case UUID, 36 characters (RFC 9562 section 4). 16 bytes on the wire. */
export type Uuid = string;

export const uuidBytes = 16;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Byte → its two hexadecimal digits. */
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * @param bytes 16 bytes, any version or none
 * @throws ProtocolError 'invalidField' for another length
 */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== uuidBytes) {
    throw new ProtocolError('invalidField', `a UUID has ${uuidBytes} bytes, not ${bytes.length}`);
  }
  let text = '';
  for (let i = 0; i < uuidBytes; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexPairs[bytes[i]!]!;
  }
  return text;
}

/**
 * @returns a new array of 16 bytes
 * @throws ProtocolError 'invalidField' for anything but the lower-case form, so that equal ids are
 *   equal strings
 */
export function uuidToBytes(uuid: Uuid): Uint8Array {
  if (!uuidPattern.test(uuid)) {
    throw new ProtocolError('invalidField', 'not a UUID in lower case, as 8-4-4-4-12 digits');
  }
  const bytes = new Uint8Array(uuidBytes);
  for (let i = 0, at = 0; i < uuidBytes; i++, at += 2) {
    if (uuid.charCodeAt(at) === 0x2d) at++;
    bytes[i] = (hexDigit(uuid.charCodeAt(at)) << 4) | hexDigit(uuid.charCodeAt(at + 1));
  }
  return bytes;
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

function hexDigit(charCode: number): number {
  return charCode < 0x3a ? charCode - 0x30 : charCode - 0x57;
}
