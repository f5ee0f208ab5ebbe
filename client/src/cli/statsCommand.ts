import { setTimeout as delay } from 'node:timers/promises';
import type { Output } from './output.js';
import { fetchServerStats, type ServerStats } from './serverStats.js';
import { statsTable } from './statsTable.js';
import { catchStopSignals } from './stopSignal.js';

export interface StatsOptions {
  readonly server: string;
  readonly adminPort: number;
  readonly watch: boolean;
}

const watchEveryMs = 1_000;

/**
 * Shows what a server's relay has done since its start, or every second what it did in that second.
 *
 * @throws ClientError as fetchServerStats()
 */
export async function showStats(options: StatsOptions, output: Output): Promise<void> {
  const stop = catchStopSignals();
  try {
    let earlier: { readonly stats: ServerStats; readonly atMs: number } | null = null;
    do {
      const { raw, stats } = await fetchServerStats(options.server, options.adminPort);
      const atMs = performance.now();
      const seconds: number = earlier === null ? 0 : (atMs - earlier.atMs) / 1_000;
      const lines = statsTable(stats, earlier && { stats: earlier.stats, secondsAgo: seconds });
      output.table({ event: 'stats', ...raw }, options.watch ? [...lines, ''] : lines);
      earlier = { stats, atMs };
    } while (options.watch && (await isOnAfter(watchEveryMs, stop.signal)));
  } finally {
    stop.release();
  }
}

/** Whether the user still wants to go on when the time is over. */
async function isOnAfter(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
