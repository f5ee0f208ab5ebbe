/** Bounds of what is kept on disk, and of the way there. */
export interface StoreLimits {
  /** Keys and values that wait for the disk; more is refused, as memory is not without end. */
  readonly pendingBytesMax: number;
  /** After a fault of the disk all writes are refused for this long, then one is tried. */
  readonly retryAfterFaultMs: number;
  /** Left free on the disk beside what is written: nothing is, where that is not there. */
  readonly diskReserveBytes: number;
  /** Messages removed in one transaction, so that nobody's write waits long behind it. */
  readonly removedPerTrimMax: number;
  /** How often is looked for messages that are not kept any longer. */
  readonly trimIntervalMs: number;
  /** Users of whom is remembered in memory what they sent last: about 200 bytes each. */
  readonly sendersInMemoryMax: number;
  /** Messages are entered into the search index together, so long after the first of them, … */
  readonly indexDelayMs: number;
  /** … and no more of them: about 50 µs each of the main thread. */
  readonly indexedAtOnceMax: number;
  /** Messages that wait for it; what is more waits for the next start. */
  readonly unindexedMax: number;
  /** Places of the index that one search looks at, of about 10 µs each, before it tells so far. */
  readonly searchStepsMax: number;
}

/** What a server that runs for people uses. */
export const storeLimits: StoreLimits = {
  pendingBytesMax: 64 * 1_048_576,
  retryAfterFaultMs: 1_000,
  diskReserveBytes: 16 * 1_048_576,
  removedPerTrimMax: 1_000,
  trimIntervalMs: 600_000,
  sendersInMemoryMax: 20_000,
  indexDelayMs: 100,
  indexedAtOnceMax: 100,
  unindexedMax: 100_000,
  searchStepsMax: 500,
};
