import { createHash } from 'node:crypto';
import type { Uuid } from '@rookery/schemas/messages';
import { uuidBytes, uuidFromBytes, uuidToBytes } from '@rookery/schemas/uuid';
import { keyBehind } from './keys.js';
import type { Tables, Write } from './tables.js';

/** The value of an entry that is there or not, and has nothing more to say. */
const present = Uint8Array.of(1);

/**
 * Finds users by name. Names are compared without their case, and as NFKC, so that letters which
 * only look otherwise (ligatures, full width) are the same. A user stands below the name of the
 * latest login.
 */

/** What makes a user found by a name, or found by it no longer. */
export function nameWrite(displayName: string, userId: Uuid, kept: 'put' | 'remove'): Write {
  const key = userNameKey(displayName, userId);
  return { table: 'userNames', key, value: kept === 'put' ? present : null };
}

/** @returns 32 bytes */
export function userNameKey(displayName: string, userId: Uuid): Uint8Array {
  return Uint8Array.of(...foldedNameKey(displayName), ...uuidToBytes(userId));
}

/** @returns users whose name is durable, in no order that means anything, at most `countMax` */
export function usersNamed(tables: Tables, displayName: string, countMax: number): Uuid[] {
  const from = foldedNameKey(displayName);
  const range = { table: 'userNames', from, to: keyBehind(from), countMax } as const;
  const keys = tables.keys({ ...range, order: 'ascending' });
  return keys.map((key) => uuidFromBytes(key.subarray(uuidBytes)));
}

/** Of fixed width, as all keys are: 16 bytes of a hash. */
function foldedNameKey(displayName: string): Uint8Array {
  const folded = displayName.normalize('NFKC').toLowerCase();
  const digest = createHash('sha256').update(folded).digest();
  return new Uint8Array(digest.subarray(0, uuidBytes));
}
