import { derivedUuid } from './derivedUuid.js';
import type { Uuid } from './uuid.js';

/** Bytes of HelloAck's challenge, and of the SHA-256 of a certificate. */
export const challengeBytes = 32;
export const fingerprintBytes = 32;

/** Keeps a login signature from meaning anything else that the same key may one day sign. */
const signedContext = Buffer.from('rookery login\0', 'latin1');

const userIdContext = 'rookery 2025 user id of an Ed25519 public key';

/**
 * The bytes that a client signs to log in. The challenge makes the signature good for one login;
 * the certificate makes it worthless to a server in between; the version keeps the two sides from
 * being talked down to an older protocol.
 *
 *     "rookery login" NUL | u16 version, little-endian | fingerprint (32) | challenge (32)
 *
 * @param challenge 32 bytes of HelloAck
 * @param certificateFingerprint SHA-256 of the server's leaf certificate in DER, 32 bytes
 * @param protocolVersion u16, as both sides said it
 * @returns a new array of 80 bytes
 * @throws RangeError for other lengths or a version above 65,535
 */
export function loginMessage(
  challenge: Uint8Array,
  certificateFingerprint: Uint8Array,
  protocolVersion: number,
): Uint8Array {
  if (challenge.length !== challengeBytes || certificateFingerprint.length !== fingerprintBytes) {
    throw new RangeError('challenge and fingerprint have 32 bytes each');
  }
  const version = Buffer.alloc(2);
  version.writeUInt16LE(protocolVersion);
  return new Uint8Array(Buffer.concat([signedContext, version, certificateFingerprint, challenge]));
}

/**
 * The user id of an identity: the first 16 bytes of BLAKE3 (derive-key mode) of the public key,
 * so that it is the same at every login and says nothing about the key.
 *
 * @param publicKey Ed25519, 32 bytes
 */
export function userIdOf(publicKey: Uint8Array): Uuid {
  return derivedUuid(userIdContext, publicKey);
}

/** A fingerprint for people to compare: upper-case hexadecimal, a colon between bytes. */
export function fingerprintText(fingerprint: Uint8Array): string {
  return Array.from(fingerprint, (byte) => byte.toString(16).padStart(2, '0'))
    .join(':')
    .toUpperCase();
}
