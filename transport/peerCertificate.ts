import type { Connection } from '@matrixai/quic/native/types.js';
import { certificateIdentity, type CertificateIdentity } from './certificateIdentity.js';

/** Of the peer's leaf certificate; null when it showed none that can be read. */
export function peerCertificate(native: Connection): CertificateIdentity | null {
  const leaf = native.peerCertChain()?.[0];
  if (leaf === undefined) return null;
  try {
    return certificateIdentity(leaf);
  } catch {
    return null;
  }
}
