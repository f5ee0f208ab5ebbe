/** Why a bench gave up. */
export type BenchErrorCode =
  /** The command line says something that cannot be. */
  | 'usage'
  /** This machine lacks what the bench needs. */
  | 'unavailable'
  /** A process that was started ended, or did not do what it was asked. */
  | 'childFailed'
  /** The server refused what the bench asked of it. */
  | 'refused'
  /** It was to be strict, and a target was missed; what was measured has been printed. */
  | 'targetMissed'
  /** It took longer than it may; what was measured until then has been printed. */
  | 'outOfTime';

/** The one error class of the benches; the message tells a person what to do next. */
export class BenchError extends Error {
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BenchError';
    this.code = code;
  }
}
