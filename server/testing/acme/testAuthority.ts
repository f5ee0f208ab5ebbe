import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import type { X509Certificate } from '@peculiar/x509';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** id-ce-subjectAltName, RFC 5280 section 4.2.1.6. */
const subjectAltName = '2.5.29.17';

/** Issues certificates like an authority, of a root that nobody trusts. */
export class TestAuthority {
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #root: X509Certificate;

  private constructor(keys: webcrypto.CryptoKeyPair, root: X509Certificate) {
    this.#keys = keys;
    this.#root = root;
  }

  static async make(now: Date): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const root = await X509CertificateGenerator.createSelfSigned(
      {
        ...{ name: 'CN=Root of tests', keys, signingAlgorithm: algorithm, serialNumber: '01' },
        ...{ notBefore: now, notAfter: new Date(now.getTime() + 400 * 86_400_000) },
        extensions: [new BasicConstraintsExtension(true, 0, true)],
      },
      webcrypto,
    );
    return new TestAuthority(keys, root);
  }

  /**
   * @param request PKCS #10, DER
   * @param lifeMs from `now` on
   * @returns PEM, leaf first; null where the request is not signed, or for other names
   */
  async issue(
    request: Uint8Array,
    names: readonly string[],
    now: Date,
    lifeMs: number,
  ): Promise<string | null> {
    const parsed = new Pkcs10CertificateRequest(new Uint8Array(request));
    if (!(await parsed.verify(webcrypto))) return null;
    const extension = parsed.getExtension(subjectAltName);
    if (extension === null) return null;
    const asked = new SubjectAlternativeNameExtension(extension.rawData).names.items;
    const given = asked.map(({ value }) => value).toSorted();
    if (given.join() !== names.toSorted().join()) return null;
    const leaf = await X509CertificateGenerator.create(
      {
        ...{ serialNumber: randomBytes(8).toString('hex'), issuer: this.#root.subject },
        ...{ notBefore: now, notAfter: new Date(now.getTime() + lifeMs) },
        ...{ publicKey: parsed.publicKey, signingKey: this.#keys.privateKey },
        signingAlgorithm: algorithm,
        extensions: [
          new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
        ],
      },
      webcrypto,
    );
    return `${leaf.toString('pem')}\n${this.#root.toString('pem')}\n`;
  }
}
