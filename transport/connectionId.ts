import { randomBytes } from 'node:crypto';
import { connectionIdBytes } from './packetHeader.js';

/** A new connection id: 128 random bits, which nobody can guess who has not seen it. */
export function newConnectionId(): Uint8Array {
  return randomBytes(connectionIdBytes);
}
