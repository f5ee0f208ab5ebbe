// The key pair that signs releases: Ed25519 (RFC 8032).
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { ReleaseError } from './releaseError.mjs';

/**
 * Makes a pair. The private key is written to a file that only its user may read.
 *
 * @param {string} file is not there yet
 * @returns {string} the public key, as `update-key` takes it
 * @throws {ReleaseError}
 */
export function makeReleaseKey(file) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new ReleaseError(`The key cannot be written to ${file}: ${cause.message}.`, { cause });
  }
  return publicKeyOf(privateKey);
}

/** @throws {ReleaseError} where the file holds no private Ed25519 key */
export function readReleaseKey(file) {
  try {
    const key = createPrivateKey(readFileSync(file, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`it is of the kind ${key.asymmetricKeyType}`);
  } catch (cause) {
    const text = `${file} is not a private Ed25519 key in PEM: ${cause.message}.`;
    throw new ReleaseError(`${text} Make one by --make-key FILE.`, { cause });
  }
}

/** @returns {string} base64 of the 32 bytes of the public key */
export function publicKeyOf(privateKey) {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}

/** @returns {string} the text of `manifest.json.sig` */
export function signatureOf(bytes, privateKey) {
  return `${sign(null, bytes, privateKey).toString('base64')}\n`;
}
