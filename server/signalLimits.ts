import type { BucketLimits } from './limits.js';

/** Bounds of what travels in datagrams beside voice: who types, and who is at the computer. */
export interface SignalLimits {
  /** Signals of one session; more are dropped. */
  readonly perSession: Pick<BucketLimits, 'perSecond' | 'burst'>;
  /** What is told is gathered for so long, so that many who do the same are told of at once. */
  readonly gatherMs: number;
  /** Datagrams sent at once … */
  readonly datagramsPerFlushMax: number;
  /** … and the time until the next: 10,000 a second, below a fifth of what one core sends. */
  readonly flushIntervalMs: number;
  /** Who is not online is told of again so often, because datagrams get lost. */
  readonly repeatMs: number;
}

/** Part of `controlLimits`. */
export const signalLimits: SignalLimits = {
  perSession: { perSecond: 2, burst: 10 },
  gatherMs: 250,
  datagramsPerFlushMax: 500,
  flushIntervalMs: 50,
  repeatMs: 30_000,
};
