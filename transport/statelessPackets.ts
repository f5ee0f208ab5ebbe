import { hkdfSync, randomFillSync } from 'node:crypto';
import { sipHash24 } from '@rookery/schemas/sipHash';
import { quicVersion1 } from './packetHeader.js';
import type { PacketHeader } from './packetHeader.js';

/** The reset token at the end of a stateless reset, bytes (RFC 9000 section 10.3). */
export const resetTokenBytes = 16;

/**
 * Shortest packet that is answered with a reset. The answer is always shorter than what caused it,
 * so that two endpoints cannot keep resetting each other, and must itself be 21 bytes or more.
 */
export const resettablePacketBytesMin = 22;

/** Long enough to pass for any short packet. */
const resetBytesMax = 42;

/** Version that no one speaks, so that peers learn to ignore unknown ones (RFC 9000 section 15). */
const greaseVersion = 0x0a1a2a3a;

/**
 * Makes the tokens that prove a stateless reset comes from whoever made the connection id (RFC 9000
 * section 10.3.2). Of one secret they are the same after a restart.
 *
 * Each is two SipHashes under keys of their own: without the keys, 128 bits that cannot be told
 * from random ones, for a tenth of what an HMAC by node:crypto costs.
 */
export class ResetTokens {
  readonly #keys: readonly Uint8Array[];
  readonly #half = new Int32Array(2);
  readonly #halfBytes = new Uint8Array(this.#half.buffer);

  constructor(secret: Uint8Array) {
    const keys = new Uint8Array(hkdfSync('sha256', secret, '', 'stateless reset', 32));
    this.#keys = [keys.subarray(0, 16), keys.subarray(16)];
  }

  /** @returns 16 bytes */
  of(connectionId: Uint8Array): Uint8Array {
    const token = new Uint8Array(resetTokenBytes);
    this.#keys.forEach((key, index) => {
      sipHash24(connectionId, 0, connectionId.length, key, this.#half);
      token.set(this.#halfBytes, index * 8);
    });
    return token;
  }
}

/** A reset token as the library takes it: the 16 bytes as one big-endian number. */
export function resetTokenNumber(token: Uint8Array): bigint {
  const view = new DataView(token.buffer, token.byteOffset, token.byteLength);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

/**
 * Writes a stateless reset (RFC 9000 section 10.3) in answer to a packet of `causeBytes`, which is
 * at least `resettablePacketBytesMin`.
 *
 * @param out at least 42 bytes
 * @returns its length, below `causeBytes`
 */
export function writeStatelessReset(
  out: Uint8Array,
  causeBytes: number,
  token: Uint8Array,
): number {
  const length = Math.min(causeBytes - 1, resetBytesMax);
  const tokenAt = length - resetTokenBytes;
  randomFillSync(out, 0, tokenAt);
  // Header form short, fixed bit set, as every other short packet.
  out[0] = 0x40 | (out[0]! & 0x3f);
  out.set(token, tokenAt);
  return length;
}

/**
 * Writes a version negotiation packet (RFC 9000 section 17.2.1) that answers `packet`.
 *
 * @param header what was read from `packet`
 * @param out at least 55 bytes
 * @returns its length
 */
export function writeVersionNegotiation(
  out: Uint8Array,
  packet: Uint8Array,
  header: PacketHeader,
): number {
  const { destinationOffset, destinationBytes, sourceOffset, sourceBytes } = header;
  out[0] = 0xc0;
  out.fill(0, 1, 5);
  let at = 5;
  out[at++] = sourceBytes;
  out.set(packet.subarray(sourceOffset, sourceOffset + sourceBytes), at);
  at += sourceBytes;
  out[at++] = destinationBytes;
  out.set(packet.subarray(destinationOffset, destinationOffset + destinationBytes), at);
  at += destinationBytes;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  view.setUint32(at, quicVersion1);
  view.setUint32(at + 4, greaseVersion);
  return at + 8;
}
