import { uuidToBytes, type Uuid } from './uuid.js';

/** FNV-1a, 32 bits (draft-eastlake-fnv, section 2). */
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * The shard stream on which the server tells of a room.
 *
 * @param shardCount 1 … 255
 * @returns 0 … shardCount − 1
 */
export function shardOf(roomId: Uuid, shardCount: number): number {
  let hash = offsetBasis;
  for (const byte of uuidToBytes(roomId)) hash = Math.imul(hash ^ byte, prime) >>> 0;
  return hash % shardCount;
}
