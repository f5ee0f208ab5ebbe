import type { LiveFigures, ProcessFigures } from '@rookery/schemas/adminApi';
import type { ServerStats } from '../serverStats.js';

/** What a console draws of the figures of `/stats`. Pure. */
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
  const { source, validToMs, warnFromMs, reloadFault, acme } = stats.certificate;
  const fault = reloadFault ?? acme?.lastFault ?? null;
  const moved = { packetsIn, packetsOut, framesIn, framesOut, bytesIn, bytesOut };
  return {
    ...ofProcess,
    ...{ atMs, uptimeSeconds, connections, sessions, rooms, speakers, isDraining },
    certificate: { source, validToMs, warnFromMs, fault, nextTryMs: acme?.nextTryMs ?? null },
    voice: { ...moved, drops: Object.fromEntries(drops), relayDelay },
    quic: { packetsIn: stats.quic.packetsIn, packetsOut: stats.quic.packetsOut },
    threadSeconds: stats.threadSeconds,
  };
}
