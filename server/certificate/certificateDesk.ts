import type { LiveFigures } from '@rookery/schemas/adminApi';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import type { Logger } from 'pino';
import type { AcmeStatus } from './acme/acmeStatus.js';
import { FileWatch } from './fileWatch.js';
import {
  expiresSoonFrom,
  readCertificateFiles,
  type CertificateFiles,
  type ServerCertificate,
} from './serverCertificate.js';

/** Where the certificate is from: the server itself, an operator's files, or ACME. */
export type CertificateSource = LiveFigures['certificate']['source'];

/** What `/stats` tells of the certificate. Times are milliseconds since 1970. */
export interface CertificateStats {
  readonly source: CertificateSource;
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validToMs: number;
  /** From when on somebody should look after it. */
  readonly warnFromMs: number;
  /** Changes since the start. */
  readonly swaps: number;
  /** Changed files that could not be used, since the start. */
  readonly reloadFailures: number;
  /** Why the newest files are not in use; null where they are. */
  readonly reloadFault: string | null;
  /** null where ACME is not set up. */
  readonly acme: AcmeStatus | null;
}

/** Shows a certificate to whoever connects from now on, or throws and goes on as before. */
export type CertificateTaker = (certificate: ServerCertificate) => void;

export interface CertificateDeskOptions {
  readonly certificate: ServerCertificate;
  readonly source: CertificateSource;
  /** Given by an operator; null where there are none. */
  readonly files: CertificateFiles | null;
  /** Between two looks at the files. */
  readonly lookMs: number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  readonly log: Logger;
}

/**
 * The certificate of a server that runs. Another one is shown to connections that begin after it
 * came; those that there are go on. Main thread.
 */
export class CertificateDesk {
  readonly #options: CertificateDeskOptions;
  readonly #takers: CertificateTaker[] = [];
  readonly #watch: FileWatch | null;
  #current: ServerCertificate;
  #source: CertificateSource;
  #swaps = 0;
  #reloadFailures = 0;
  #reloadFault: string | null = null;

  constructor(options: CertificateDeskOptions) {
    const { certificate, source, files, lookMs } = options;
    this.#options = options;
    this.#current = certificate;
    this.#source = source;
    const paths = files === null ? [] : [files.certificate, files.key];
    this.#watch = files === null ? null : new FileWatch(paths, lookMs, () => this.reload());
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  /** @param taker is given the current certificate at once. @throws whatever it throws */
  follow(taker: CertificateTaker): void {
    taker(this.#current);
    this.#takers.push(taker);
  }

  /**
   * Shows another certificate from now on.
   *
   * @returns false where it is the one that is shown
   * @throws whatever a taker throws; all show the one before then
   */
  swap(next: ServerCertificate, source: CertificateSource): boolean {
    const before = this.#current;
    if (isSame(next.fingerprint, before.fingerprint)) return false;
    this.#show(next);
    this.#current = next;
    this.#source = source;
    this.#swaps++;
    const { log } = this.#options;
    const fields = {
      validTo: next.validTo.toISOString(),
      fingerprint: fingerprintText(next.keyFingerprint),
    };
    if (isSame(next.keyFingerprint, before.keyFingerprint)) {
      log.info(fields, 'another certificate of the same key is shown from now on');
    } else {
      const text =
        'another certificate is shown from now on, and its key is another one: clients that know ' +
        'this server will have their users ask you about it. Renew with the same key next time';
      log.warn(fields, text);
    }
    return true;
  }

  /**
   * Reads the files of an operator again. What cannot be used changes nothing: it is logged, and
   * counted.
   */
  reload(): void {
    const { files, wallClockMs, log } = this.#options;
    if (files === null) return;
    try {
      const next = readCertificateFiles(files, new Date(wallClockMs()));
      const isSwapped = this.swap(next, 'files');
      if (!isSwapped)
        log.info({ file: files.certificate }, 'the certificate is the same as before');
      this.#reloadFault = null;
    } catch (error) {
      this.#reloadFailures++;
      this.#reloadFault = error instanceof Error ? error.message : String(error);
      const text = 'the certificate of the files cannot be used, and the one before stays';
      log.error({ reason: this.#reloadFault }, text);
    }
  }

  /** Looks at the files at once; for those who wait for what comes of it. */
  look(): void {
    this.#watch?.look();
  }

  /** @param acme what ACME does; null where it is not set up */
  stats(acme: AcmeStatus | null = null): CertificateStats {
    const { names, validFrom, validTo } = this.#current;
    return {
      source: this.#source,
      names,
      validFromMs: validFrom.getTime(),
      validToMs: validTo.getTime(),
      warnFromMs: expiresSoonFrom(this.#current).getTime(),
      swaps: this.#swaps,
      reloadFailures: this.#reloadFailures,
      reloadFault: this.#reloadFault,
      acme,
    };
  }

  close(): void {
    this.#watch?.close();
  }

  #show(next: ServerCertificate): void {
    try {
      for (const take of this.#takers) take(next);
    } catch (error) {
      for (const take of this.#takers) take(this.#current);
      throw error;
    }
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
