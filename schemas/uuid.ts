import { randomBytes, randomUUID } from 'node:crypto';
import { ProtocolError } from './protocolError.js';

/** Lower-case UUID, 36 characters (RFC 9562 section 4). 16 bytes on the wire. */
export type Uuid = string;

export const uuidBytes = 16;

const textLength = 36;
const hyphen = 0x2d;

/** Where the first of the two digits of each byte stands: 8-4-4-4-12 digits. */
const digitsAt = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);

/** Above the value of every digit. */
const noDigit = 0xff;

const { digitCodes, digitValues } = makeDigitTables();

/**
 * @param bytes 16 bytes, any version or none
 * @throws ProtocolError 'invalidField' for another length
 */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== uuidBytes) {
    throw new ProtocolError('invalidField', `a UUID has ${uuidBytes} bytes, not ${bytes.length}`);
  }
  // In one call and without a loop: a joined string would hold all of its parts until it is looked
  // up, ten times what the text takes, and this is done for every id of every message.
  const b = bytes;
  const d = digitCodes;
  // prettier-ignore
  return String.fromCharCode(
    d[2 * b[0]!]!, d[2 * b[0]! + 1]!, d[2 * b[1]!]!, d[2 * b[1]! + 1]!,
    d[2 * b[2]!]!, d[2 * b[2]! + 1]!, d[2 * b[3]!]!, d[2 * b[3]! + 1]!, hyphen,
    d[2 * b[4]!]!, d[2 * b[4]! + 1]!, d[2 * b[5]!]!, d[2 * b[5]! + 1]!, hyphen,
    d[2 * b[6]!]!, d[2 * b[6]! + 1]!, d[2 * b[7]!]!, d[2 * b[7]! + 1]!, hyphen,
    d[2 * b[8]!]!, d[2 * b[8]! + 1]!, d[2 * b[9]!]!, d[2 * b[9]! + 1]!, hyphen,
    d[2 * b[10]!]!, d[2 * b[10]! + 1]!, d[2 * b[11]!]!, d[2 * b[11]! + 1]!,
    d[2 * b[12]!]!, d[2 * b[12]! + 1]!, d[2 * b[13]!]!, d[2 * b[13]! + 1]!,
    d[2 * b[14]!]!, d[2 * b[14]! + 1]!, d[2 * b[15]!]!, d[2 * b[15]! + 1]!,
  );
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
  let faults =
    (uuid.charCodeAt(8) ^ hyphen) |
    (uuid.charCodeAt(13) ^ hyphen) |
    (uuid.charCodeAt(18) ^ hyphen) |
    (uuid.charCodeAt(23) ^ hyphen);
  for (let i = 0; i < uuidBytes; i++) {
    const at = digitsAt[i]!;
    const high = digitValues[uuid.charCodeAt(at)] ?? noDigit;
    const low = digitValues[uuid.charCodeAt(at + 1)] ?? noDigit;
    faults |= (high | low) >> 4;
    bytes[offset + i] = (high << 4) | low;
  }
  if (faults !== 0) refuseText();
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

/**
 * The character codes of the two digits of each byte, one behind the other; and what each character
 * code is worth as a digit.
 */
function makeDigitTables(): { digitCodes: Uint8Array; digitValues: Uint8Array } {
  const digitCodes = new Uint8Array(2 * 256);
  const digitValues = new Uint8Array(256).fill(noDigit);
  for (let value = 0; value < 256; value++) {
    const digits = Buffer.from(value.toString(16).padStart(2, '0'), 'latin1');
    digitCodes.set(digits, 2 * value);
    if (value < 16) digitValues[digits[1]!] = value;
  }
  return { digitCodes, digitValues };
}

function refuseText(): never {
  throw new ProtocolError('invalidField', 'not a UUID in lower case, 8-4-4-4-12 digits');
}
