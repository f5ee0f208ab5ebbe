import { derivedUuid } from './derivedUuid.js';
import { uuidToBytes } from './uuid.js';
import type { Uuid } from './uuid.js';

const talkIdContext = 'rookery 2026 talk id of two user ids';

/**
 * The id of the talk of two users, in whichever order: the first 16 bytes of BLAKE3 (derive-key
 * mode) of both ids, the lower one first. So there is one for each pair, and none is made twice.
 */
export function directTalkId(one: Uuid, other: Uuid): Uuid {
  const [low, high] = one < other ? [one, other] : [other, one];
  const ids = Buffer.concat([uuidToBytes(low), uuidToBytes(high)]);
  return derivedUuid(talkIdContext, ids);
}
