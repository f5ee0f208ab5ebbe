import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerError } from '../errors.js';
import { createSelfSigned } from './createSelfSigned.js';
import { openOwnCertificate, readCertificateFiles } from './serverCertificate.js';

const now = new Date('2030-05-05T12:00:00Z');
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-certificate-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('the own certificate', () => {
  test('is made once and kept, for nobody else to read', async () => {
    const first = await openOwnCertificate(directory, now);
    const again = await openOwnCertificate(directory, new Date('2031-01-01'));
    expect(again).toEqual(first);
    expect(statSync(join(directory, 'identity.pem')).mode & 0o777).toBe(0o600);
  });

  test('is P-256 with the fingerprint of its DER and ends long after the start', async () => {
    const own = await openOwnCertificate(directory, now);
    const leaf = new X509Certificate(own.certificate);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(Buffer.from(own.fingerprint)).toEqual(createHash('sha256').update(leaf.raw).digest());
    expect(own.validTo.getUTCFullYear()).toBe(2080);
    expect(leaf.verify(leaf.publicKey)).toBe(true);
  });

  test('shows no private key in the certificate that it gives out', async () => {
    const own = await openOwnCertificate(directory, now);
    expect(own.certificate).not.toContain('PRIVATE');
  });

  test('is refused, not replaced, when its file is damaged', async () => {
    await openOwnCertificate(directory, now);
    const file = join(directory, 'identity.pem');
    const damaged = readFileSync(file, 'utf8').slice(0, 300);
    writeFileSync(file, damaged);
    await expect(openOwnCertificate(directory, now)).rejects.toThrow(ServerError);
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  });

  test('is refused where the directory cannot be written', async () => {
    const absent = join(directory, 'absent');
    await expect(openOwnCertificate(absent, now)).rejects.toMatchObject({ code: 'unusableData' });
  });
});

describe('a given certificate', () => {
  const files = (): { certificate: string; key: string } => ({
    certificate: join(directory, 'certificate.pem'),
    key: join(directory, 'key.pem'),
  });

  function refusal(certificate: string, key: string, at = now): string {
    writeFileSync(files().certificate, certificate);
    writeFileSync(files().key, key);
    try {
      readCertificateFiles(files(), at);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      expect(error.code).toBe('unusableCertificate');
      return error.message;
    }
    throw new Error('expected a refusal');
  }

  test('is taken with its key', async () => {
    const pem = await createSelfSigned(now);
    writeFileSync(files().certificate, pem);
    writeFileSync(files().key, pem);
    expect(readCertificateFiles(files(), now).fingerprint).toHaveLength(32);
  });

  test('is refused when unreadable, of no use, mismatched, expired or not yet valid', async () => {
    const pem = await createSelfSigned(now);
    expect(() => readCertificateFiles(files(), now)).toThrow('certificate.pem');
    expect(refusal('nonsense', pem)).toContain('holds no certificate in PEM');
    expect(refusal(pem, 'nonsense')).toContain('holds no private key');
    expect(refusal(pem, await createSelfSigned(now))).toContain('is not the one of');
    expect(refusal(pem, pem, new Date('2099-01-01'))).toContain('expired on');
    expect(refusal(pem, pem, new Date('2001-01-01'))).toContain('clock right');
  });

  test.each([
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ])('is refused with a key of type %s', async (_type, key) => {
    const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal(await createSelfSigned(now), keyPem)).toContain('neither P-256 nor Ed25519');
  });
});
