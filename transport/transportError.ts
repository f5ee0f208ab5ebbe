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
  | 'fetchFailed'
  | 'fetchTooLarge'
  | 'internal';

/** Operating faults of sockets and endpoints, and calls that the endpoint cannot carry out. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    readonly code: TransportErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
