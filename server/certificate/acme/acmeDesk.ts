import type { Logger } from 'pino';
import { ServerError } from '../../errors.js';
import type { ServerCertificate } from '../serverCertificate.js';
import type { AcmeConfig } from './acmeConfig.js';
import type { AcmeFiles, AcmeState } from './acmeFiles.js';
import type { AcmeStatus } from './acmeStatus.js';
import { renewalDueMs, retryDueMs } from './renewalPlan.js';

export interface AcmeDeskOptions {
  readonly config: AcmeConfig;
  readonly files: AcmeFiles;
  /** PEM: the server's key, which stays when certificates come and go. */
  readonly privateKey: string;
  /** What was issued before and can be used; null where nothing was. */
  readonly certificate: ServerCertificate | null;
  /** @returns PEM, leaf first. @throws ServerError */
  readonly order: (signal: AbortSignal) => Promise<string>;
  /** A certificate was issued, and is kept. */
  readonly onIssued: (certificate: ServerCertificate) => void;
  /** Between two looks at the clock, which may be set meanwhile. */
  readonly lookMs: number;
  /** Longest time of one try. */
  readonly tryMsMax: number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** 0 … 1 */
  readonly chance: () => number;
  readonly log: Logger;
}

/**
 * Sees to it that there is a certificate by ACME: the first one soon after the start, another one
 * after two thirds of its life, and tries again after failures, ever later. When to try next is
 * on the disk, so that a server that is started again and again does not annoy the authority. Main
 * thread.
 */
export class AcmeDesk {
  readonly #options: AcmeDeskOptions;
  readonly #closing = new AbortController();
  #state: AcmeState;
  #timer: NodeJS.Timeout | null = null;
  #trying: Promise<void> | null = null;

  constructor(options: AcmeDeskOptions) {
    this.#options = options;
    this.#state = firstState(options);
  }

  /** Tries at once where it is time, and whenever it is from then on. */
  start(): void {
    this.check();
    this.#timer = setInterval(() => this.check(), this.#options.lookMs);
    this.#timer.unref();
  }

  /** One look at the clock. */
  check(): void {
    if (this.#options.wallClockMs() >= this.#state.nextTryMs) void this.renew();
  }

  get status(): AcmeStatus {
    return { ...this.#state, isTrying: this.#trying !== null };
  }

  /** Tries now, or waits for the try that is under way. Never rejects: `status` tells. */
  renew(): Promise<void> {
    this.#trying ??= this.#try().finally(() => {
      this.#trying = null;
    });
    return this.#trying;
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#closing.abort();
    await this.#trying;
  }

  async #try(): Promise<void> {
    const { tryMsMax, wallClockMs, log, config } = this.#options;
    log.info({ domains: config.domains }, 'asking for a certificate by ACME');
    // Should the process end in the middle, the next one waits as after a failure.
    this.#noteFailure('the server ended meanwhile');
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(tryMsMax)]);
    try {
      const chain = await this.#options.order(signal);
      this.#take(chain, new Date(wallClockMs()));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { failures, nextTryMs } = this.#waitLonger(reason, error);
      const nextTry = new Date(nextTryMs).toISOString();
      log.error({ reason, failures, nextTry }, 'there is no new certificate by ACME');
    }
  }

  #take(chain: string, now: Date): void {
    const { files, privateKey, config, chance, onIssued, log } = this.#options;
    const certificate = files.check(chain, privateKey, now);
    if (!isFor(certificate, config.domains)) {
      const names = certificate.names.join(', ');
      throw new Error(`the authority issued a certificate for other names (${names})`);
    }
    files.writeCertificate(chain);
    const nextTryMs = renewalDueMs(certificate, chance());
    const times = { lastSuccessMs: now.getTime(), nextTryMs };
    this.#write({ ...this.#state, ...times, failures: 0, lastFault: null });
    onIssued(certificate);
    log.info({ nextTry: new Date(nextTryMs).toISOString() }, 'there is a certificate by ACME');
  }

  #noteFailure(lastFault: string): void {
    const { wallClockMs, chance } = this.#options;
    const lastTryMs = wallClockMs();
    const failures = this.#state.failures + 1;
    const nextTryMs = retryDueMs(lastTryMs, failures, chance());
    this.#write({ ...this.#state, lastTryMs, failures, nextTryMs, lastFault });
  }

  /** The authority may want more time than one takes by oneself. */
  #waitLonger(lastFault: string, error: unknown): AcmeState {
    const { wallClockMs, chance } = this.#options;
    const wantedMs = (error instanceof ServerError ? error.retryAfterMs : null) ?? 0;
    const nextTryMs = retryDueMs(wallClockMs(), this.#state.failures, chance(), wantedMs);
    this.#write({ ...this.#state, lastFault, nextTryMs });
    return this.#state;
  }

  #write(state: AcmeState): void {
    this.#state = state;
    try {
      this.#options.files.writeState(state);
    } catch (error) {
      this.#options.log.error({ err: error }, 'the state of ACME cannot be written');
    }
  }
}

/** Whether a certificate is for all these names. */
function isFor({ names }: ServerCertificate, domains: readonly string[]): boolean {
  return domains.every((domain) => names.includes(domain));
}

/** What was remembered counts only for the same names and the same authority. */
function firstState(options: AcmeDeskOptions): AcmeState {
  const { config, files, certificate, wallClockMs, chance } = options;
  const { domains, directory } = config;
  const kept = files.readState();
  const isSame =
    kept !== null && kept.directory === directory && kept.domains.join() === domains.join();
  const usable = certificate !== null && isFor(certificate, domains) ? certificate : null;
  if (!isSame) {
    const isKept = kept === null && usable !== null;
    const nextTryMs = isKept ? renewalDueMs(usable, chance()) : wallClockMs();
    const times = { lastTryMs: null, lastSuccessMs: null, nextTryMs };
    return { directory, domains: [...domains], ...times, failures: 0, lastFault: null };
  }
  if (kept.failures > 0) return kept;
  // Somebody took the certificate away, or it cannot be used any more.
  if (usable === null) return { ...kept, nextTryMs: wallClockMs() };
  return { ...kept, nextTryMs: Math.min(kept.nextTryMs, renewalDueMs(usable, chance())) };
}
