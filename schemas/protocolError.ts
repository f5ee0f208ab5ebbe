/** Why bytes were refused; closed, so that each reason can have its own counter. */
export type ProtocolErrorCode =
  | 'truncated'
  | 'oversized'
  | 'unknownType'
  | 'malformed'
  | 'typeMismatch'
  | 'invalidField'
  | 'unsupportedVersion';

/** Bad input from a peer. Thrown by every decoder of this package and by nothing else. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly code: ProtocolErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
