import { fingerprintText } from '@rookery/schemas/loginMessage';
import type { CertificateIdentity } from '@rookery/transport/certificateIdentity';
import { ClientError } from './clientError.js';

/** What a server showed, as parseFingerprint() writes it. */
export interface ShownFingerprints {
  /** Of its key: what it is known by, because certificates of one key come and go. */
  readonly key: string;
  /** Of this certificate, which says as much as long as it is the same. */
  readonly certificate: string;
}

/** The same as text. */
export function shownFingerprints(shown: CertificateIdentity): ShownFingerprints {
  return {
    key: fingerprintText(shown.keyFingerprint),
    certificate: fingerprintText(shown.fingerprint),
  };
}

/** Whether a fingerprint is one of those that were shown. */
export function isShown(fingerprint: string, { key, certificate }: ShownFingerprints): boolean {
  return fingerprint === key || fingerprint === certificate;
}

/** @param fingerprint as parseFingerprint() gives it. @returns 32 bytes */
export function fingerprintBytesOf(fingerprint: string): Uint8Array {
  return new Uint8Array(Buffer.from(fingerprint.replaceAll(':', ''), 'hex'));
}

/**
 * Reads a server's fingerprint (SHA-256) as people paste it, with or without colons.
 *
 * @returns colon-separated upper-case hexadecimal.
 * @throws ClientError `invalidInput`.
 */
export function parseFingerprint(text: string): string {
  const hex = text.replaceAll(/[\s:]/g, '').toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hex)) {
    throw new ClientError(
      'invalidInput',
      `invalid fingerprint "${text}": it has 64 hexadecimal digits, as the server prints them`,
    );
  }
  return hex.match(/../g)!.join(':');
}
