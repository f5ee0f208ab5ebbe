import { areFingerprintWords, fingerprintWords } from '@rookery/schemas/fingerprintWords';

/** @param fingerprint colon-separated hexadecimal */
export function wordsOfFingerprint(fingerprint: string): string {
  return fingerprintWords(bytesOf(fingerprint)).join(' ');
}

/** Whether somebody typed this fingerprint, in words or in hexadecimal. */
export function isTypedFingerprint(typed: string, fingerprint: string): boolean {
  const hex = typed.replaceAll(/[\s:]/g, '').toUpperCase();
  return (
    hex === fingerprint.replaceAll(':', '') || areFingerprintWords(typed, bytesOf(fingerprint))
  );
}

function bytesOf(fingerprint: string): Uint8Array {
  return Uint8Array.from(fingerprint.split(':'), (byte) => parseInt(byte, 16));
}
