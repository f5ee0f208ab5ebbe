import type { UdpAddress } from './udpSocket.js';

/**
 * Addresses as fixed-size words, for tables and batches: 16 bytes of IPv6 (IPv4 mapped into
 * ::ffff:0:0/96, RFC 4291 section 2.5.5.2), the port big-endian, two bytes of zero. That is the
 * order of a socket address, so that both are copied word by word and never parsed.
 */

/** Words of 32 bits of one address. */
export const packedAddressWords = 5;
export const packedAddressBytes = 20;

/** Where the port lies in the bytes. */
const portAt = 16;
const groups = 8;
const codeOf = { dot: 46, zero: 48, nine: 57, colon: 58, a: 97, f: 102 } as const;

/** One address and the two ways to look at it; both share their memory. */
export interface PackedAddress {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

/** A new address of zeros: none. */
export function makePackedAddress(): PackedAddress {
  const words = new Int32Array(packedAddressWords);
  return { words, bytes: new Uint8Array(words.buffer) };
}

/**
 * Writes an address into `out`. Allocates nothing.
 *
 * @returns false where the host is no numeric address; `out` then holds nothing to use
 */
export function parsePackedAddress(address: UdpAddress, { bytes }: PackedAddress): boolean {
  const host = address.host;
  bytes.fill(0);
  bytes[portAt] = address.port >>> 8;
  bytes[portAt + 1] = address.port;
  if (host.includes(':')) return parseIpv6(host, bytes);
  bytes[10] = 0xff;
  bytes[11] = 0xff;
  return parseIpv4(host, 0, bytes, 12);
}

/** @returns the address as a socket takes it, or null where there is none (port 0) */
export function formatPackedAddress({ bytes }: PackedAddress): UdpAddress | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, packedAddressBytes);
  const port = view.getUint16(portAt);
  if (port === 0) return null;
  const isMapped =
    view.getUint32(0) === 0 && view.getUint32(4) === 0 && view.getUint32(8) === 0x0000_ffff;
  if (isMapped) return { host: bytes.subarray(12, portAt).join('.'), port };
  const words = Array.from({ length: groups }, (_word, i) => view.getUint16(2 * i).toString(16));
  return { host: words.join(':'), port };
}

/** Whether the words hold an address at all. */
export function hasPackedAddress(words: Int32Array): boolean {
  return words[packedAddressWords - 1] !== 0;
}

/** Dotted quad from `from` to the end of `host` (RFC 6943 section 3.1.1, the strict form). */
function parseIpv4(host: string, from: number, out: Uint8Array, at: number): boolean {
  let part = 0;
  let digits = 0;
  let parts = 0;
  for (let i = from; i <= host.length; i++) {
    const code = i < host.length ? host.charCodeAt(i) : codeOf.dot;
    if (code >= codeOf.zero && code <= codeOf.nine) {
      // A leading zero would mean octal to some.
      if (digits > 0 && part === 0) return false;
      part = part * 10 + code - codeOf.zero;
      digits++;
      if (part > 255) return false;
    } else if (code === codeOf.dot && digits > 0 && parts < 4) {
      out[at + parts++] = part;
      part = 0;
      digits = 0;
    } else {
      return false;
    }
  }
  return parts === 4;
}

/** RFC 4291 section 2.2: groups in lower-case hex, `::` once, a dotted quad at the end. */
function parseIpv6(host: string, out: Uint8Array): boolean {
  let count = 0;
  /** Groups before `::`, or −1. */
  let gapAfter = -1;
  let i = 0;
  if (host.startsWith('::')) {
    gapAfter = 0;
    i = 2;
  }
  while (i < host.length) {
    if (count === groups) return false;
    const end = groupEnd(host, i);
    if (end < host.length && host.charCodeAt(end) === codeOf.dot) {
      if (count > groups - 2 || !parseIpv4(host, i, out, 2 * count)) return false;
      count += 2;
      break;
    }
    if (!parseGroup(host, i, end, out, 2 * count)) return false;
    count++;
    if (end === host.length) break;
    i = end + 1;
    if (host.charCodeAt(i) === codeOf.colon) {
      if (gapAfter !== -1) return false;
      gapAfter = count;
      i++;
    } else if (i === host.length) {
      return false;
    }
  }
  if (gapAfter === -1) return count === groups;
  if (count === groups) return false;
  const tail = 2 * (count - gapAfter);
  out.copyWithin(portAt - tail, 2 * gapAfter, 2 * count);
  out.fill(0, 2 * gapAfter, portAt - tail);
  return true;
}

/** Index of the first character from `from` that is no hex digit, or the length. */
function groupEnd(host: string, from: number): number {
  let i = from;
  while (i < host.length && hexDigit(host.charCodeAt(i)) !== -1) i++;
  return i;
}

function parseGroup(host: string, from: number, end: number, out: Uint8Array, at: number): boolean {
  if (end === from || end - from > 4) return false;
  if (end < host.length && host.charCodeAt(end) !== codeOf.colon) return false;
  let word = 0;
  for (let i = from; i < end; i++) word = word * 16 + hexDigit(host.charCodeAt(i));
  out[at] = word >>> 8;
  out[at + 1] = word;
  return true;
}

/** @returns 0 … 15, or −1 for what is no digit */
function hexDigit(code: number): number {
  if (code >= codeOf.zero && code <= codeOf.nine) return code - codeOf.zero;
  if (code >= codeOf.a && code <= codeOf.f) return code - codeOf.a + 10;
  return -1;
}
