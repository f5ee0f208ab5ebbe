import sodium from 'sodium-native';

/** Bytes of a solution. */
export const workBytes = 8;

/** Most that a server may ask for: a million tries, about a second of a client's core. */
export const workBitsMax = 20;

const hashBytes = 32;
const challengeBytes = 32;

/**
 * Looks for a solution: a number whose BLAKE2b hash, together with the server's challenge, begins
 * with so many zero bits. It takes 2^bits tries on average, about a microsecond each, of the
 * calling thread. The challenge is random and serves one login, so nothing can be prepared, kept
 * or used twice.
 *
 * @param challenge 32 bytes
 * @returns 8 bytes
 */
export function findWork(challenge: Uint8Array, bits: number): Uint8Array {
  const input = Buffer.alloc(challengeBytes + workBytes);
  const hash = Buffer.alloc(hashBytes);
  input.set(challenge);
  for (let tried = 0n; ; tried++) {
    input.writeBigUInt64LE(tried, challengeBytes);
    sodium.crypto_generichash(hash, input);
    if (zeroBits(hash) >= bits) return new Uint8Array(input.subarray(challengeBytes));
  }
}

/**
 * Whether it is a solution; one hash.
 *
 * @param challenge 32 bytes
 * @param work 8 bytes
 */
export function isWorkDone(challenge: Uint8Array, work: Uint8Array, bits: number): boolean {
  const hash = Buffer.alloc(hashBytes);
  sodium.crypto_generichash(hash, Buffer.concat([challenge, work]));
  return zeroBits(hash) >= bits;
}

/** Of the first 32 bits, as many as any solution may need. */
function zeroBits(hash: Buffer): number {
  return Math.clz32(hash.readUInt32BE(0));
}
