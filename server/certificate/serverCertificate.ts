import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateIdentity,
  type CertificateIdentity,
} from '@rookery/transport/certificateIdentity';
import { ServerError } from '../errors.js';
import { openSecretFile } from '../store/secretFile.js';
import { createSelfSigned } from './createSelfSigned.js';

/** What the server proves its identity with. */
export interface ServerCertificate extends CertificateIdentity {
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** DNS names that it was issued for. */
  readonly names: readonly string[];
}

/** Where a certificate stands, to say what is wrong with it. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Key and certificate in one file, so that there is never one without the other. */
const identityFileName = 'identity.pem';

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
  return ownCertificateOf(pem, file, now);
}

/**
 * The same where the server was started before.
 *
 * @returns null where there is none yet
 * @throws ServerError `unusableCertificate`
 */
export function readOwnCertificate(dataDirectory: string, now: Date): ServerCertificate | null {
  const file = join(dataDirectory, identityFileName);
  return existsSync(file) ? ownCertificateOf(readPem(file), file, now) : null;
}

function ownCertificateOf(pem: string, file: string, now: Date): ServerCertificate {
  const certificateAt = Math.max(0, pem.indexOf('-----BEGIN CERTIFICATE'));
  const key = pem.slice(0, certificateAt);
  return checkCertificate(pem.slice(certificateAt), key, { certificate: file, key: file }, now);
}

/**
 * A certificate given as PEM files.
 * @throws ServerError `unusableCertificate` when they are unreadable, do not belong together, are
 *   expired or of a kind that QUIC cannot use here
 */
export function readCertificateFiles(files: CertificateFiles, now: Date): ServerCertificate {
  return checkCertificate(readPem(files.certificate), readPem(files.key), files, now);
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(`Cannot read ${file}: ${reasonOf(cause)}.`, cause);
  }
}

/**
 * Checks that a certificate and a key are of use to the server, now.
 *
 * @param certificate PEM, leaf first
 * @param privateKey PEM
 * @throws ServerError `unusableCertificate`
 */
export function checkCertificate(
  certificate: string,
  privateKey: string,
  files: CertificateFiles,
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
  const validFrom = new Date(leaf.validFrom);
  const names = dnsNamesOf(leaf);
  return { certificate, privateKey, ...certificateIdentity(leaf), validFrom, validTo, names };
}

/** Names that are no plain DNS names (Node quotes those) are left out. */
function dnsNamesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return Array.from(subjectAltName.matchAll(/(?:^|, )DNS:([^,"]+)/g), ([, name]) =>
    name!.toLowerCase(),
  );
}

const soonMsMax = 30 * 86_400_000;

/**
 * From when on a certificate should long have been renewed: the last quarter of its life, at most
 * 30 days before its end.
 */
export function expiresSoonFrom({
  validFrom,
  validTo,
}: Pick<ServerCertificate, 'validFrom' | 'validTo'>): Date {
  const lifeMs = validTo.getTime() - validFrom.getTime();
  return new Date(validTo.getTime() - Math.min(soonMsMax, lifeMs / 4));
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
