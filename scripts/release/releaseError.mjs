/** A release cannot be made. The message says what to do. */
export class ReleaseError extends Error {
  name = 'ReleaseError';
}
