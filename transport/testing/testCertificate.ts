import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import {
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509';
import { certificateIdentity, type CertificateIdentity } from '../certificateIdentity.js';
import type { QuicServerTls } from '../quicTypes.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * A self-signed P-256 certificate for `rookery.test`, made anew for each call. Tests only.
 *
 * @param privateKey PEM (PKCS #8) of an earlier one; without it the key is new, too
 * @param days for how many it has been valid, and for how many it will be
 * @param ip address for which it holds, too
 */
export async function makeTestCertificate(
  privateKey?: string,
  days: { readonly past: number; readonly left: number } = { past: 1, left: 1 },
  ip?: string,
): Promise<QuicServerTls & CertificateIdentity> {
  cryptoProvider.set(webcrypto);
  const keys = await (privateKey === undefined
    ? webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    : importKeys(privateKey));
  const dayMs = 24 * 60 * 60 * 1000;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=rookery.test',
    notBefore: new Date(Date.now() - days.past * dayMs),
    notAfter: new Date(Date.now() + days.left * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions:
      ip === undefined ? [] : [new SubjectAlternativeNameExtension([{ type: 'ip', value: ip }])],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    privateKey: pemOf('PRIVATE KEY', new Uint8Array(pkcs8)),
    ...certificateIdentity(new Uint8Array(certificate.rawData)),
  };
}

async function importKeys(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
}

function pemOf(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${base64}-----END ${label}-----\n`;
}
