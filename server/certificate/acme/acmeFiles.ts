import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../store/durableFile.js';
import { openSecretFile } from '../../store/secretFile.js';
import { checkCertificate, type ServerCertificate } from '../serverCertificate.js';

const accountFile = 'acme-account.key';
const certificateFile = 'acme-certificate.pem';
const stateFile = 'acme.json';

const timeMs = z.number().nullable();
const stateSchema = z.strictObject({
  directory: z.string(),
  domains: z.array(z.string()),
  lastTryMs: timeMs,
  lastSuccessMs: timeMs,
  nextTryMs: z.number(),
  failures: z.number().int().min(0),
  lastFault: z.string().nullable(),
});

const stateFileSchema = z.strictObject({ version: z.literal(1), state: stateSchema });

/** What is remembered of tries, also over a restart: so that one does not begin another try. */
export type AcmeState = Readonly<z.infer<typeof stateSchema>>;

/** What ACME keeps in a data directory. All of it is for the server's user alone. */
export class AcmeFiles {
  readonly #folder: string;

  constructor(dataDirectory: string) {
    this.#folder = dataDirectory;
  }

  /** PEM, P-256; made at first use. @throws ServerError `unusableData` */
  accountKey(): Promise<string> {
    return openSecretFile(join(this.#folder, accountFile), () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    });
  }

  /** @returns null where there is none, or what is there is none: then tries begin anew */
  readState(): AcmeState | null {
    const text = this.#read(stateFile);
    if (text === null) return null;
    try {
      return stateFileSchema.parse(JSON.parse(text)).state;
    } catch {
      return null;
    }
  }

  /** On the disk when it returns. */
  writeState(state: AcmeState): void {
    const text = JSON.stringify({ version: 1, state }, null, 2);
    writeWhole(join(this.#folder, stateFile), `${text}\n`);
  }

  /**
   * The certificate that was issued last, with the key that it was issued for.
   *
   * @param privateKey PEM
   * @returns null where there is none
   * @throws ServerError `unusableCertificate`
   */
  readCertificate(privateKey: string, now: Date): ServerCertificate | null {
    const chain = this.#read(certificateFile);
    return chain === null ? null : this.check(chain, privateKey, now);
  }

  /** @param chain PEM, leaf first. @throws ServerError `unusableCertificate` */
  check(chain: string, privateKey: string, now: Date): ServerCertificate {
    const certificate = join(this.#folder, certificateFile);
    return checkCertificate(chain, privateKey, { certificate, key: 'identity.pem' }, now);
  }

  /** On the disk when it returns. */
  writeCertificate(chain: string): void {
    writeWhole(join(this.#folder, certificateFile), chain);
  }

  #read(name: string): string | null {
    const file = join(this.#folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  }
}
