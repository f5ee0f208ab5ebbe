import { ClientError } from './clientError.js';

/** @param fingerprint as parseFingerprint() gives it. @returns 32 bytes */
export function fingerprintBytesOf(fingerprint: string): Uint8Array {
  return new Uint8Array(Buffer.from(fingerprint.replaceAll(':', ''), 'hex'));
}

/**
 * Reads a certificate's fingerprint (SHA-256) as people paste it, with or without colons.
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
