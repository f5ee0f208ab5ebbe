import type { VoicePlane } from '../relay/voicePlane.js';
import type { VoiceSocketReport } from '../relay/voiceSockets.js';
import type { VoiceCounters, VoiceHistograms } from '../tables/counterTable.js';

/** What `/stats` tells of voice, since the start: all that is counted, and what follows from it. */
export interface VoiceStats extends VoiceCounters, VoiceHistograms {
  readonly sockets: VoiceSocketReport;
  /** Workers that take packets now. */
  readonly activeWorkers: number;
  /** Frames that travelled in one datagram; null where none did. */
  readonly framesPerFlushMean: number | null;
  /**
   * Quantiles of `relayDelay`, µs; null where no frame was relayed. Upper bounds, because a
   * histogram knows no more: the true value may be half as long.
   */
  readonly relayDelayUs: Readonly<Record<'p50' | 'p95' | 'p99', number | null>>;
}

export function voiceStats({
  sockets,
  activeWorkers,
  counters,
  histograms,
}: Pick<VoicePlane, 'sockets' | 'activeWorkers' | 'counters' | 'histograms'>): VoiceStats {
  const { framesPerFlush, relayDelay } = histograms();
  return {
    sockets,
    activeWorkers: activeWorkers(),
    ...counters(),
    framesPerFlush,
    framesPerFlushMean: meanOf(framesPerFlush),
    relayDelay,
    relayDelayUs: {
      p50: quantileUs(relayDelay, 0.5),
      p95: quantileUs(relayDelay, 0.95),
      p99: quantileUs(relayDelay, 0.99),
    },
  };
}

/**
 * @param histogram bucket b holds 2^(b − 1) … 2^b − 1 µs
 * @returns the upper end of the bucket in which the share is reached; null for no frames
 */
export function quantileUs(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let reached = 0;
  const bucket = histogram.findIndex((count) => {
    reached += count;
    return count > 0 && reached >= share * total;
  });
  return bucket === -1 ? null : 2 ** bucket - 1;
}

/** @param histogram how often each value from 0 on was */
function meanOf(histogram: readonly number[]): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const weighted = histogram.reduce((sum, count, value) => sum + count * value, 0);
  return total === 0 ? null : weighted / total;
}
