import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import type { LinuxBatchOptions } from '@rookery/transport/linuxBatchSocket';
import { LinuxClock } from '@rookery/transport/linuxClock';
import {
  tryLoadLinuxSocketCalls,
  type LinuxSocketCalls,
} from '@rookery/transport/linuxSocketCalls';
import { linux } from '@rookery/transport/linuxSocketLayout';
import type { VoiceLimits } from '../limits.js';
import { outgoingBytesOf } from './relay.js';
import type { RelayClock } from './relayClock.js';

/**
 * What a thread relays in batches with. It has them once: code that was compiled for these
 * functions is compiled again for others.
 */
export interface LinuxRelayParts {
  readonly calls: LinuxSocketCalls;
  readonly clock: RelayClock;
}

/** How a relay takes and sends batches, whatever socket it has. */
export type LinuxRelayOptions = Omit<LinuxBatchOptions, 'fd' | 'family' | 'wakeFd'>;

/** @returns null where there are no batch sockets */
export function openLinuxRelayParts(): LinuxRelayParts | null {
  const calls = tryLoadLinuxSocketCalls();
  return calls && { calls, clock: openClock(calls) };
}

/** Pure. */
export function linuxRelayOptions(limits: VoiceLimits): LinuxRelayOptions {
  return {
    batchMax: limits.receiveBatchMax,
    packetBytesMax: voicePacketBytesMax,
    waitMsMax: limits.idleWaitMsMax,
    outgoingBytes: outgoingBytesOf(limits),
  };
}

function openClock(calls: LinuxSocketCalls): RelayClock {
  const nowMs = new Float64Array(1);
  new LinuxClock(calls, linux.CLOCK_REALTIME).read(nowMs);
  const sinceEpochMs = nowMs[0]!;
  const monotonic = new LinuxClock(calls, linux.CLOCK_MONOTONIC);
  monotonic.read(nowMs);
  return { nowMs, epochMs: sinceEpochMs - nowMs[0]!, read: () => monotonic.read(nowMs) };
}
