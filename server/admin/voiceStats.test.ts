import { expect, test } from 'vitest';
import { CounterTotals } from '../tables/counterTable.js';
import { voiceStats, type VoiceStats } from './voiceStats.js';

const sockets = {
  kind: 'linux',
  reason: null,
  workers: 2,
  receiveBufferBytes: 1,
  sendBufferBytes: 2,
} as const;

function statsOf(framesPerFlush: number[], relayDelay: number[]): VoiceStats {
  const totals = new CounterTotals(1);
  return voiceStats({
    sockets,
    activeWorkers: () => 1,
    counters: () => totals.read(),
    histograms: () => ({ framesPerFlush, relayDelay }),
  });
}

test('tells every counter, the sockets and the histograms', () => {
  const stats = statsOf([0, 3, 1], [1, 0, 1]);
  expect(stats).toMatchObject({ packetsIn: 0, dropSend: 0, sockets });
  expect(stats.framesPerFlush).toEqual([0, 3, 1]);
  expect(stats.relayDelay).toEqual([1, 0, 1]);
});

test('derives the mean fill and the delays from the histograms', () => {
  const stats = statsOf([0, 3, 1], [0, 0, 50, 45, 0, 4, 1]);
  expect(stats.framesPerFlushMean).toBe(1.25);
  expect(stats.relayDelayUs).toMatchObject({ p50: 3, p95: 7, p99: 31 });
  expect(statsOf([], [10]).relayDelayUs).toMatchObject({ p50: 0, p99: 0 });
});

test('derives nothing where nothing was relayed', () => {
  const { framesPerFlushMean, relayDelayUs } = statsOf([0, 0], [0, 0]);
  expect(framesPerFlushMean).toBeNull();
  expect(relayDelayUs).toMatchObject({ p50: null, p95: null, p99: null });
});
