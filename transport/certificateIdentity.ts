import { createHash, X509Certificate } from 'node:crypto';

/** What a certificate is known by. */
export interface CertificateIdentity {
  /** SHA-256 of its DER, 32 bytes: of this very certificate. */
  readonly fingerprint: Uint8Array;
  /**
   * SHA-256 of the DER of its public key (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7), 32
   * bytes: the same for every certificate that was issued for the key.
   */
  readonly keyFingerprint: Uint8Array;
}

/** @param certificate a leaf, parsed, or as PEM or DER. @throws Error where it is none */
export function certificateIdentity(
  certificate: X509Certificate | Uint8Array | string,
): CertificateIdentity {
  const leaf =
    certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  const key = leaf.publicKey.export({ type: 'spki', format: 'der' });
  return { fingerprint: sha256(leaf.raw), keyFingerprint: sha256(key) };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
