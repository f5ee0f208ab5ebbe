import type { FetchFaultCode } from './fetchFault.js';

export type TransportErrorCode =
  | 'wrongRole'
  | 'unknownConnection'
  | 'unknownStream'
  | 'streamLimit'
  | 'addressInUse'
  | 'addressNotAvailable'
  | 'permissionDenied'
  | 'unresolvableHost'
  | 'invalidServerName'
  | 'invalidCertificate'
  | 'invalidLimits'
  | 'connectionLimit'
  | 'socketClosed'
  | 'unsupportedPlatform'
  | FetchFaultCode
  | 'internal';

/** Operating faults of sockets and endpoints, and calls that the endpoint cannot carry out. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** What the message says beside the code and is the same in every language; '' for nothing. */
  readonly fact: string;

  constructor(
    readonly code: TransportErrorCode,
    message: string,
    options: ErrorOptions & { readonly fact?: string } = {},
  ) {
    super(message, options);
    this.fact = options.fact ?? '';
  }
}
