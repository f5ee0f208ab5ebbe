import type { EarStages } from './earStages.js';

/** What the bench asks of the process in which it all sounds. */
export interface ToEarProcess {
  /** Of the server, as people write it. */
  readonly address: string;
  readonly folder: string;
  readonly clicks: number;
  /** What the devices move at a time. */
  readonly bufferMs: number;
  readonly isProcessingOn: boolean;
}

export interface FromEarProcess {
  /** Of those that were heard. */
  readonly clicks: readonly EarStages[];
  /** Of the way as the listener's own statistics have it: from a packet's coming to its sound. */
  readonly reportedDelayMs: number;
}
