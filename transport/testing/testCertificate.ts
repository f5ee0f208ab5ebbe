import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator, cryptoProvider } from '@peculiar/x509';
import type { QuicServerTls } from '../quicTypes.js';

/** A self-signed P-256 certificate for `rookery.test`, made anew for each call. Tests only. */
export async function makeTestCertificate(): Promise<
  QuicServerTls & { readonly fingerprint: Uint8Array }
> {
  cryptoProvider.set(webcrypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const dayMs = 24 * 60 * 60 * 1000;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=rookery.test',
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
    keys,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const digest = await webcrypto.subtle.digest('SHA-256', certificate.rawData);
  return {
    certificate: certificate.toString('pem'),
    privateKey: pemOf('PRIVATE KEY', new Uint8Array(pkcs8)),
    fingerprint: new Uint8Array(digest),
  };
}

function pemOf(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${base64}-----END ${label}-----\n`;
}
