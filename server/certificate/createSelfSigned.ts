// @peculiar/x509 finds its parts by decorators, which need this loaded first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Clients pin the certificate, so that its end would only be a day on which everything breaks. */
const validYears = 50;

const dayMs = 86_400_000;

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Makes a P-256 key and a certificate signed with it (RFC 5280).
 * @param now the certificate holds from a day before, for machines whose clocks are behind
 * @returns PEM: the private key (PKCS #8), then the certificate
 */
export async function createSelfSigned(now: Date): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + validYears);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Rookery server',
      notBefore: new Date(now.getTime() - dayMs),
      notAfter,
      signingAlgorithm: keyAlgorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  );
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${PemConverter.encode(privateKey, 'PRIVATE KEY')}\n${certificate.toString('pem')}\n`;
}
