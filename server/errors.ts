/** Operating faults of the server; closed, so that each caller can handle every one. */
export type ServerErrorCode =
  | 'invalidConfig'
  | 'addressInUse'
  | 'dataInUse'
  | 'unusableData'
  | 'newerData'
  | 'storageFull'
  | 'storageBusy'
  | 'storageFault'
  | 'unusableCertificate'
  | 'acmeFailed'
  | 'acmeUnreachable'
  | 'acmeRateLimited'
  | 'serverFull'
  | 'relayFault'
  /** An installation that `rookery update` cannot exchange. */
  | 'notUpdatable'
  | 'releaseUnreachable'
  /** A release that is not what it should be; nothing of it is used. */
  | 'releaseRefused'
  | 'updateFailed';

export interface ServerErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number | null;
}

/** Thrown by the server for faults of its surroundings. The message tells what to do next. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** Before which whoever refused does not want to be asked again; null where it said nothing. */
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: ServerErrorCode,
    message: string,
    options?: ServerErrorOptions,
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }
}
