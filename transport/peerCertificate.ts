import { createHash } from 'node:crypto';
import type { Connection } from '@matrixai/quic/native/types.js';

/** SHA-256 of the DER of the peer's leaf certificate, 32 bytes; null when it showed none. */
export function peerFingerprint(native: Connection): Uint8Array | null {
  const leaf = native.peerCertChain()?.[0];
  return leaf === undefined ? null : new Uint8Array(createHash('sha256').update(leaf).digest());
}
