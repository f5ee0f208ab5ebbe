import type { BucketLimits } from './limits.js';

/** Bounds of what travels in datagrams beside voice (schemas/signalDatagram.ts). */
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
  readonly lossReports: LossReportLimits;
}

/** Bounds of what is kept of receivers' reports, and told to speakers. */
export interface LossReportLimits {
  /** A report counts for so long: two of a receiver that reports every 5 s. */
  readonly countsMs: number;
  /** Receivers of one speaker whose newest reports count: of more the last ones, as a sample. */
  readonly receiversMax: number;
  /** Between two words to one speaker. */
  readonly tellIntervalMs: number;
  /** Speakers told at once, every second; the others are told later. */
  readonly toldPerSweepMax: number;
}

/** Part of `controlLimits`. */
export const signalLimits: SignalLimits = {
  perSession: { perSecond: 2, burst: 10 },
  gatherMs: 250,
  datagramsPerFlushMax: 500,
  flushIntervalMs: 50,
  repeatMs: 30_000,
  lossReports: {
    countsMs: 10_000,
    receiversMax: 16,
    tellIntervalMs: 5_000,
    toldPerSweepMax: 500,
  },
};
