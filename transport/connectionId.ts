import { randomBytes } from 'node:crypto';
import { connectionIdBytes } from './packetHeader.js';
import { resetTokenBytes, resetTokenNumber } from './statelessPackets.js';

/** A new connection id: 128 random bits, which nobody can guess who has not seen it. */
export function newConnectionId(): Uint8Array {
  return randomBytes(connectionIdBytes);
}

/** A connection id and the token that would end it (RFC 9000 section 19.15). */
export interface SpareId {
  readonly id: Uint8Array;
  readonly resetToken: bigint;
}

/** Several at once, since asking for random bytes costs more than the bytes. */
export function newSpareIds(count: number): SpareId[] {
  const spareBytes = connectionIdBytes + resetTokenBytes;
  const random = randomBytes(count * spareBytes);
  return Array.from({ length: count }, (_, index) => {
    const bytes = random.subarray(index * spareBytes, (index + 1) * spareBytes);
    return {
      id: bytes.subarray(0, connectionIdBytes),
      resetToken: resetTokenNumber(bytes.subarray(connectionIdBytes)),
    };
  });
}
