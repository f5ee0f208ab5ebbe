import type { CommandLane } from '@rookery/schemas/commandLane';
import { framePayloadBytesMax } from '@rookery/schemas/protocol';
import type { BucketLimits } from './limits.js';

/** Bounds of one stream on which a client sends commands. */
export interface LaneLimits {
  /** Largest frame; at most one that is not whole yet is held. */
  readonly payloadBytesMax: number;
  /** Commands that wait for the disk or for a worker; more are refused until some are answered. */
  readonly unansweredMax: number;
  /** One command takes one token. */
  readonly pace: BucketLimits;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const laneLimits: Readonly<Record<CommandLane, LaneLimits>> = {
  commands: {
    payloadBytesMax: framePayloadBytesMax.fromClient,
    unansweredMax: 256,
    pace: { perSecond: 20, burst: 40, refusedMax: 200 },
  },
  // One of them names one place, and people read in several at a time.
  acks: {
    payloadBytesMax: 4_096,
    unansweredMax: 64,
    pace: { perSecond: 20, burst: 60, refusedMax: 200 },
  },
  // Pieces of files of up to 32 KiB: 16 MiB a second, and half a MiB in memory.
  bulk: {
    payloadBytesMax: 40_960,
    unansweredMax: 16,
    pace: { perSecond: 512, burst: 512, refusedMax: 1_024 },
  },
};
