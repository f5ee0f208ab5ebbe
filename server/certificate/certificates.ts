import type { Logger } from 'pino';
import type { CertificateLimits } from '../certificateLimits.js';
import type { ServerConfig } from '../config/serverConfig.js';
import type { AcmeConfig } from './acme/acmeConfig.js';
import { AcmeDesk } from './acme/acmeDesk.js';
import { AcmeFiles } from './acme/acmeFiles.js';
import { orderCertificate } from './acme/orderCertificate.js';
import {
  CertificateDesk,
  type CertificateSource,
  type CertificateStats,
  type CertificateTaker,
} from './certificateDesk.js';
import {
  expiresSoonFrom,
  openOwnCertificate,
  readCertificateFiles,
  readOwnCertificate,
  type ServerCertificate,
} from './serverCertificate.js';

/** What operators may ask of the certificate. */
export interface CertificateCare {
  stats(): CertificateStats;
  /**
   * Begins to get another certificate by ACME; `stats` tells what comes of it.
   *
   * @returns false where ACME is not set up
   */
  renew(): boolean;
}

const wallClockMs = (): number => Date.now();

/** The certificate of a server, and what renews it. Main thread. */
export class Certificates implements CertificateCare {
  readonly #desk: CertificateDesk;
  readonly #acme: AcmeDesk | null;

  private constructor(desk: CertificateDesk, acme: AcmeDesk | null) {
    this.#desk = desk;
    this.#acme = acme;
  }

  /**
   * The certificate that the server was given, or got by ACME, else its own. Nothing is renewed
   * before start().
   *
   * @throws ServerError `unusableData`, `unusableCertificate`
   */
  static async open(
    config: ServerConfig,
    limits: CertificateLimits,
    log: Logger,
  ): Promise<Certificates> {
    const { certificateFiles: files, dataDirectory, acme } = config;
    const { lookMs } = limits;
    const fixed = { files, lookMs, wallClockMs, log };
    const open = (certificate: ServerCertificate, source: CertificateSource): CertificateDesk => {
      warnOfEnd(certificate, log);
      return new CertificateDesk({ certificate, source, ...fixed });
    };
    const now = new Date(wallClockMs());
    if (files !== null) {
      return new Certificates(open(readCertificateFiles(files, now), 'files'), null);
    }
    const own = await openOwnCertificate(dataDirectory, now);
    if (acme === null) return new Certificates(open(own, 'own'), null);
    const kept = new AcmeFiles(dataDirectory);
    const issued = readIssued(kept, own, now, log);
    const desk = issued === null ? open(own, 'own') : open(issued, 'acme');
    const accountKey = await kept.accountKey();
    const { privateKey } = own;
    const renewal = new AcmeDesk({
      ...{ config: acme, files: kept, privateKey, certificate: issued, log },
      ...acmeTimes(limits),
      order: orderFor(config.host, acme, { accountKey, privateKey, ...limits }),
      onIssued: (certificate) => desk.swap(certificate, 'acme'),
    });
    return new Certificates(desk, renewal);
  }

  get current(): ServerCertificate {
    return this.#desk.current;
  }

  follow(taker: CertificateTaker): void {
    this.#desk.follow(taker);
  }

  /** Gets certificates by ACME from now on, where that is set up. */
  start(): void {
    this.#acme?.start();
  }

  stats(): CertificateStats {
    return this.#desk.stats(this.#acme?.status ?? null);
  }

  renew(): boolean {
    if (this.#acme === null) return false;
    void this.#acme.renew();
    return true;
  }

  reload(): void {
    this.#desk.reload();
  }

  async close(): Promise<void> {
    this.#desk.close();
    await this.#acme?.close();
  }
}

/**
 * The certificate that a server would show that is started now.
 *
 * @returns null where it would make its own
 * @throws ServerError `unusableCertificate`
 */
export function readShownCertificate(config: ServerConfig, now: Date): ServerCertificate | null {
  const { certificateFiles, dataDirectory, acme } = config;
  if (certificateFiles !== null) return readCertificateFiles(certificateFiles, now);
  const own = readOwnCertificate(dataDirectory, now);
  if (own === null || acme === null) return own;
  return new AcmeFiles(dataDirectory).readCertificate(own.privateKey, now) ?? own;
}

/** Of an AcmeDesk in a server, on this machine's clock. */
export function acmeTimes({ renewalLookMs, tryMsMax }: CertificateLimits) {
  return { lookMs: renewalLookMs, tryMsMax, wallClockMs, chance: Math.random };
}

/** @param host as the server listens on; "::" means all addresses */
export function orderFor(
  host: string,
  acme: AcmeConfig,
  given: Pick<CertificateLimits, 'pollMs' | 'pollMsMax'> & {
    readonly accountKey: string;
    readonly privateKey: string;
  },
): (signal: AbortSignal) => Promise<string> {
  return (signal) => orderCertificate({ ...acme, ...given, host }, signal);
}

/** What was issued and cannot be used, as after its end, is replaced like one that never was. */
function readIssued(
  files: AcmeFiles,
  { privateKey }: ServerCertificate,
  now: Date,
  log: Logger,
): ServerCertificate | null {
  try {
    return files.readCertificate(privateKey, now);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, 'the certificate by ACME cannot be used: the own one stands in for it');
    return null;
  }
}

function warnOfEnd(certificate: ServerCertificate, log: Logger): void {
  if (wallClockMs() < expiresSoonFrom(certificate).getTime()) return;
  const validTo = certificate.validTo.toISOString();
  log.warn({ validTo }, 'the certificate expires soon: renew it');
}
