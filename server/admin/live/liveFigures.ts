import type { ServerStats } from '../serverStats.js';

/** Of the process, and of how late its event loop was. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Of the last second; null where nobody looked yet. */
  readonly loopDelayMs: { readonly mean: number; readonly max: number } | null;
}

/**
 * What a console draws, once a second. Totals are since the start, and the same as those of
 * `/metrics`: rates are for whoever sees two of them.
 */
export interface LiveFigures extends ProcessFigures {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly uptimeSeconds: number;
  readonly connections: number;
  readonly sessions: number;
  readonly rooms: number;
  readonly speakers: number;
  readonly isDraining: boolean;
  readonly voice: {
    readonly packetsIn: number;
    readonly packetsOut: number;
    readonly framesIn: number;
    readonly framesOut: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
    /** By reason, without those that never were. */
    readonly drops: Readonly<Record<string, number>>;
    /** Bucket b: frames relayed within 2^(b − 1) … 2^b − 1 µs. */
    readonly relayDelay: readonly number[];
  };
  readonly quic: { readonly packetsIn: number; readonly packetsOut: number };
  /** By thread. */
  readonly threadSeconds: Readonly<Record<string, number>>;
}

/** Pure. */
export function liveFiguresOf(
  stats: ServerStats,
  ofProcess: ProcessFigures,
  atMs: number,
): LiveFigures {
  const { uptimeSeconds, connections, sessions, rooms, speakers, isDraining } = stats;
  const { packetsIn, packetsOut, framesIn, framesOut, bytesIn, bytesOut, relayDelay } = stats.voice;
  const drops = Object.entries(stats.voice).filter(
    (entry): entry is [string, number] =>
      entry[0].startsWith('drop') && typeof entry[1] === 'number' && entry[1] > 0,
  );
  const moved = { packetsIn, packetsOut, framesIn, framesOut, bytesIn, bytesOut };
  return {
    ...ofProcess,
    ...{ atMs, uptimeSeconds, connections, sessions, rooms, speakers, isDraining },
    voice: { ...moved, drops: Object.fromEntries(drops), relayDelay },
    quic: { packetsIn: stats.quic.packetsIn, packetsOut: stats.quic.packetsOut },
    threadSeconds: stats.threadSeconds,
  };
}
