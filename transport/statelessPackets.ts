import { createHmac, randomFillSync } from 'node:crypto';
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
 * The token that proves a stateless reset comes from whoever made the connection id. The same key
 * gives the same token after a restart.
 *
 * @param resetKey 32 bytes
 * @returns 16 bytes
 */
export function resetTokenOf(resetKey: Uint8Array, connectionId: Uint8Array): Uint8Array {
  const digest = createHmac('sha256', resetKey).update(connectionId).digest();
  return digest.subarray(0, resetTokenBytes);
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
