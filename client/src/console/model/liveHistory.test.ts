import { expect, test } from 'vitest';
import type { LiveFigures } from '@rookery/schemas/adminApi';
import { quantileMs, sampleOf } from './liveHistory.js';

function figures(atMs: number, change: Partial<LiveFigures> = {}): LiveFigures {
  return {
    ...{ atMs, uptimeSeconds: atMs / 1_000, connections: 1, sessions: 1, rooms: 1, speakers: 0 },
    ...{ isDraining: false, cpuSeconds: 0, rssBytes: 1_048_576, heapBytes: 0, loopDelayMs: null },
    voice: {
      ...{ packetsIn: 0, packetsOut: 0, framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 },
      ...{ drops: {}, relayDelay: [0, 0, 0, 0] },
    },
    certificate: { source: 'own', validToMs: 9, warnFromMs: 8, fault: null, nextTryMs: null },
    quic: { packetsIn: 0, packetsOut: 0 },
    threadSeconds: { main: 0, relay_0: 0 },
    ...change,
  };
}

test('what two looks at the totals say of the time between them', () => {
  const voice = {
    ...{ packetsIn: 100, packetsOut: 200, framesIn: 100, framesOut: 396, bytesIn: 0, bytesOut: 0 },
    ...{ drops: { dropSend: 4, dropMuted: 6 }, relayDelay: [0, 10, 0, 90] },
  };
  const now = figures(3_000, { voice, cpuSeconds: 1, threadSeconds: { main: 0.5, relay_0: 0.25 } });
  expect(sampleOf(figures(1_000), now)).toMatchObject({
    ...{ packetsIn: 50, framesOut: 198, drops: 5, lossPct: 1, rssMiB: 1 },
    ...{ cpuPct: 50, mainPct: 25, relayPct: 12.5, relayP50Ms: 0.007, relayP99Ms: 0.007 },
  });
});

test('a server that has started anew has no rates yet', () => {
  const first = sampleOf(null, figures(9_000));
  expect(first).toMatchObject({ framesOut: null, cpuPct: null, relayP99Ms: null, sessions: 1 });
  expect(sampleOf(figures(9_000), figures(10_000, { uptimeSeconds: 1 }))).toEqual({
    ...first,
    atMs: 10_000,
  });
});

test('a quantile of no frames is none', () => {
  expect(quantileMs([0, 0], 0.99)).toBeNull();
  expect(quantileMs([0, 99, 1], 0.99)).toBe(0.001);
});
