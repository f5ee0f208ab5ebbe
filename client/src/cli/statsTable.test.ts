import { describe, expect, it } from 'vitest';
import { readServerStats, type ServerStats } from './serverStats.js';
import { delayUsAt, statsTable } from './statsTable.js';

const raw = {
  uptimeSeconds: 100,
  connections: 12,
  sessions: 10,
  quic: { packetsIn: 4 },
  voice: {
    sockets: { maker: 'linux' },
    packetsIn: 1_000,
    packetsOut: 5_010,
    bytesIn: 150_000,
    bytesOut: 1_234_567,
    framesIn: 990,
    framesOut: 10_000,
    pongs: 10,
    dropHopTag: 0,
    dropUnknownSession: 3,
    dropQuieter: 70,
    framesPerFlush: [0, 300, 600, 100],
    relayDelay: [0, 0, 0, 0, 0, 0, 900, 90, 10, 0],
  },
};
const stats = readServerStats(raw)!;

describe('the table of a relay', () => {
  it('shows totals, how full packets are, delays, and drops by reason', () => {
    expect(statsTable(stats, null)).toEqual([
      'up                        100 s',
      'sessions                  10',
      'connections               12',
      'packets                   1,000 in, 5,010 out',
      'frames                    990 in, 10,000 out',
      'bytes                     150,000 in, 1,234,567 out',
      'frames per packet out     2.00',
      'frames sent together      1: 30 %, 2: 60 %, 3: 10 %',
      'relay delay               p50 < 64 µs, p95 < 128 µs, p99 < 128 µs',
      'dropped: quieter          70',
      'dropped: unknown session  3',
    ]);
  });

  it('shows rates since an earlier one, and nothing of what was before', () => {
    const voice = {
      ...raw.voice,
      packetsIn: 1_100,
      packetsOut: 5_110,
      framesIn: 1_090,
      framesOut: 10_100,
      framesPerFlush: [0, 400, 600, 100],
    };
    const later = readServerStats({ ...raw, uptimeSeconds: 102, voice })!;
    const lines = statsTable(later, { stats, secondsAgo: 2 });
    expect(lines).toContain('packets                50/s in, 50/s out');
    expect(lines).toContain('frames sent together   1: 100 %');
    expect(lines).toContain('dropped                nothing');
    expect(lines.some((line) => line.startsWith('relay delay'))).toBe(false);
  });

  it('shows totals where the server has started again', () => {
    const again = { ...stats, uptimeSeconds: 1 };
    expect(statsTable(again, { stats, secondsAgo: 1 })).toEqual(statsTable(again, null));
  });

  it('leaves out what the server does not tell', () => {
    const bare: ServerStats = { ...stats, sessions: null, connections: null };
    expect(statsTable({ ...bare, counters: {}, histograms: {} }, null)).toEqual([
      'up       100 s',
      'dropped  nothing',
    ]);
  });
});

describe('a percentile of the delay', () => {
  it('is the end of the bucket that it falls into', () => {
    expect(delayUsAt([10], 0.5)).toBe(1);
    expect(delayUsAt([5, 4, 1], 0.5)).toBe(1);
    expect(delayUsAt([5, 4, 1], 0.9)).toBe(2);
    expect(delayUsAt([5, 4, 1], 0.99)).toBe(4);
    expect(delayUsAt([0, 0], 0.5)).toBeNull();
  });
});

describe('reading stats', () => {
  it('refuses what is none', () => {
    for (const other of [
      null,
      3,
      [],
      {},
      { uptimeSeconds: 'x', voice: {} },
      { uptimeSeconds: 1 },
    ]) {
      expect(readServerStats(other)).toBeNull();
    }
  });

  it('tells whose they are, where the server does', () => {
    expect(stats.quicPort).toBeNull();
    expect(readServerStats({ ...raw, ports: { quic: 4_000 } })).toMatchObject({ quicPort: 4_000 });
  });

  it('takes only counts', () => {
    const voice = { a: -1, b: 'x', c: [1, 'x'], d: 2, e: [3] };
    expect(readServerStats({ uptimeSeconds: 1, voice })).toMatchObject({
      counters: { d: 2 },
      histograms: { e: [3] },
    });
  });
});
