import { createHash } from 'node:crypto';
import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';

/**
 * Codes that let somebody in: 128 random bits in Crockford's base 32, which has no letters that
 * look like digits. They are never kept, only their hashes; so many bits need no slow hash.
 */

/** Bytes of randomness that a code is made of. */
export const codeBytes = 16;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Tells the owner's token from an invitation. */
const ownerPrefix = 'owner-';

/** @param random `codeBytes` random bytes */
export function inviteCode(random: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(random).toString('hex')}`);
  let code = '';
  for (let bits = 0; bits < codeBytes * 8; bits += 5) {
    code = alphabet[Number(value & 31n)]! + code;
    value >>= 5n;
  }
  return code;
}

/** @param random `codeBytes` random bytes */
export function ownerToken(random: Uint8Array): string {
  return ownerPrefix + inviteCode(random);
}

export function isOwnerToken(code: string): boolean {
  return plainCode(code).startsWith(plainCode(ownerPrefix));
}

/** @returns 32 bytes; the same however a person has written the code */
export function hashOfCode(code: string): Uint8Array {
  return createHash('sha256').update(plainCode(code)).digest();
}

/** Names an invitation without being of use to anybody: half of the hash of its code. */
export function inviteIdOf(code: string): Uuid {
  return uuidFromBytes(hashOfCode(code).subarray(0, 16));
}

/** As Crockford reads it: capital letters, hyphens and letters like digits do no harm. */
function plainCode(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
}
