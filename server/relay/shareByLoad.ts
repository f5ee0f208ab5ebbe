import type { VoiceTables } from '../tables/voiceTables.js';
import type { VoiceSockets } from './voiceSockets.js';
import type { WorkerShare } from './workerShare.js';

/** Soon enough that little is lost when everybody begins to speak at once. */
const intervalMs = 500;

/**
 * Measures how busy the workers are, and lets as many take packets as are needed. Main thread.
 *
 * When the number changes, a worker may still hold packets while the next takes later ones of the
 * same sender; the older count as replayed then, a few milliseconds of voice.
 *
 * @returns ends it
 */
export function shareByLoad(
  share: WorkerShare,
  tables: Pick<VoiceTables, 'busyUs'>,
  sockets: Pick<VoiceSockets, 'shareAmong'>,
): () => void {
  let before = tables.busyUs();
  let beforeMs = performance.now();
  const measuring = setInterval(() => {
    const nowMs = performance.now();
    const after = tables.busyUs();
    const spentUs = (nowMs - beforeMs) * 1_000;
    const busy = after.map((us, worker) => ((us - before[worker]!) >>> 0) / spentUs);
    before = after;
    beforeMs = nowMs;
    const activeBefore = share.active;
    const active = share.next(busy, nowMs);
    if (active !== activeBefore) sockets.shareAmong(active);
  }, intervalMs);
  measuring.unref();
  return () => clearInterval(measuring);
}
