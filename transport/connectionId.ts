import { randomBytes, randomFillSync } from 'node:crypto';
import type { Connection } from '@matrixai/quic/native/types.js';
import { connectionIdBytes } from './packetHeader.js';
import { endpointLimits } from './quicLimits.js';
import { resetTokenBytes, resetTokenNumber } from './statelessPackets.js';

/** Ids made with one call for random bytes, which costs more than the bytes. */
const idsPerRefill = 64;

/** Makes connection ids: 128 random bits each, which nobody can guess who has not seen them. */
export class ConnectionIdSource {
  readonly #random = new Uint8Array(idsPerRefill * connectionIdBytes);
  #usedBytes = this.#random.length;

  next(): Uint8Array {
    if (this.#usedBytes === this.#random.length) {
      randomFillSync(this.#random);
      this.#usedBytes = 0;
    }
    const start = this.#usedBytes;
    this.#usedBytes += connectionIdBytes;
    return this.#random.slice(start, this.#usedBytes);
  }
}

/** A connection id and the token that would end it (RFC 9000 section 19.15). */
interface SpareId {
  readonly id: Uint8Array;
  readonly resetToken: bigint;
}

/**
 * Gives the peer as many ids as it may have: with one of its own for each new path, it can follow
 * us through NAT rebindings.
 *
 * @returns them
 */
export function giveSpareIds(native: Connection): Uint8Array[] {
  const count = Math.min(native.sourceCidsLeft(), endpointLimits.connectionIdsMax - 1);
  return newSpareIds(count).map(({ id, resetToken }) => {
    native.newSourceCid(id, resetToken, false);
    return id;
  });
}

/** Several at once, since asking for random bytes costs more than the bytes. */
function newSpareIds(count: number): SpareId[] {
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
