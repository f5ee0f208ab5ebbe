import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.js';
import { openSecretFile } from '../store/secretFile.js';
import { createSelfSigned } from './createSelfSigned.js';

/** What the server proves its identity with. */
export interface ServerCertificate {
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  /** SHA-256 of the leaf's DER, 32 bytes: what clients pin. */
  readonly fingerprint: Uint8Array;
  readonly validTo: Date;
}

/** Key and certificate in one file, so that there is never one without the other. */
export const identityFileName = 'identity.pem';

/**
 * The certificate of this server: the one in its data directory, made at first start.
 * @throws ServerError `unusableData`, `unusableCertificate`
 */
export async function openOwnCertificate(
  dataDirectory: string,
  now: Date,
): Promise<ServerCertificate> {
  const file = join(dataDirectory, identityFileName);
  const pem = await openSecretFile(file, () => createSelfSigned(now));
  const certificateAt = Math.max(0, pem.indexOf('-----BEGIN CERTIFICATE'));
  const key = pem.slice(0, certificateAt);
  return checkCertificate(pem.slice(certificateAt), key, { certificate: file, key: file }, now);
}

/**
 * A certificate given as PEM files.
 * @throws ServerError `unusableCertificate` when they are unreadable, do not belong together, are
 *   expired or of a kind that QUIC cannot use here
 */
export function readCertificateFiles(
  files: { readonly certificate: string; readonly key: string },
  now: Date,
): ServerCertificate {
  return checkCertificate(readPem(files.certificate), readPem(files.key), files, now);
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(`Cannot read ${file}: ${reasonOf(cause)}.`, cause);
  }
}

function checkCertificate(
  certificate: string,
  privateKey: string,
  files: { readonly certificate: string; readonly key: string },
  now: Date,
): ServerCertificate {
  const leaf = parse(() => new X509Certificate(certificate), files.certificate, 'certificate');
  const key = parse(
    () => createPrivateKey(privateKey),
    files.key,
    'private key without passphrase',
  );
  if (!isUsableKey(key)) {
    throw unusable(`The key in ${files.key} is neither P-256 nor Ed25519. Make one of these.`);
  }
  if (!leaf.checkPrivateKey(key)) {
    throw unusable(
      `The key in ${files.key} is not the one of the first certificate in ${files.certificate}. ` +
        'The leaf certificate must stand first.',
    );
  }
  const validTo = new Date(leaf.validTo);
  if (now > validTo) {
    throw unusable(`${files.certificate} expired on ${leaf.validTo}. Renew it.`);
  }
  if (now < new Date(leaf.validFrom)) {
    throw unusable(
      `${files.certificate} is not valid before ${leaf.validFrom}. Is this machine's clock right?`,
    );
  }
  const fingerprint = Buffer.from(leaf.fingerprint256.replaceAll(':', ''), 'hex');
  return { certificate, privateKey, fingerprint: new Uint8Array(fingerprint), validTo };
}

function isUsableKey(key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return type === 'ed25519' || (type === 'ec' && curve === 'prime256v1');
}

function parse<T>(read: () => T, file: string, what: string): T {
  try {
    return read();
  } catch (cause) {
    throw unusable(`${file} holds no ${what} in PEM: ${reasonOf(cause)}.`, cause);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function unusable(message: string, cause?: unknown): ServerError {
  return new ServerError('unusableCertificate', message, { cause });
}
