import { idleStressResult } from '@rookery/schemas/stressTest';
import { expect, test } from 'vitest';
import { swapVerdicts, type SwapMeasured } from './swapVerdicts.js';

const result = {
  ...idleStressResult,
  ...{ joined: 1_000, wanted: 1_000, expected: 50_000, delivered: 50_000, cpuPct: 80 },
};
const measured: SwapMeasured = {
  test: { count: 1_000, rooms: 500, speakers: 1_000, seconds: 20, ramp: 100 },
  crowd: {
    result,
    ...{ quiet: { server: 20, bots: 10 }, speaking: { server: 80, bots: 60 } },
    ...{ throttled: 0, firstFailure: '', lagMsMax: 3 },
  },
  ...{ swaps: 1, sessionsBefore: 1_000, sessionsAfter: 1_000, connectionsClosed: 0 },
  ...{ relayDrops: 0, isNewShown: true },
};

const metOf = (change: Partial<SwapMeasured>): (boolean | null)[] =>
  swapVerdicts({ ...measured, ...change }).map(({ isMet }) => isMet);

test('all is met where nobody noticed', () => {
  expect(metOf({})).toEqual([true, true, true, null]);
});

test('each target is missed by itself', () => {
  expect(metOf({ swaps: 0 })[0]).toBe(false);
  expect(metOf({ isNewShown: false })[0]).toBe(false);
  expect(metOf({ sessionsAfter: 999 })[1]).toBe(false);
  expect(metOf({ connectionsClosed: 1 })[1]).toBe(false);
  expect(metOf({ relayDrops: 1 })[2]).toBe(false);
  const crowd = { ...measured.crowd, result: { ...result, delivered: 49_999 } };
  expect(metOf({ crowd })[2]).toBe(false);
});
