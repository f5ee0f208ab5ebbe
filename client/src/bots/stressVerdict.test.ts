import { describe, expect, test } from 'vitest';
import { idleStressResult, type StressResult } from '@rookery/schemas/stressTest';
import { capacityOf, limitReached, verdictOf, type LimitSigns } from './stressVerdict.js';

const options = { count: 500, speakers: 20, rooms: 50, seconds: 10, ramp: 100 };
const gib = 2 ** 30;
const load = {
  ...{ options, joined: 500, cpuPct: 35, residentBytes: 0.2 * gib },
  ...{ cores: 2, memoryBytes: 8 * gib },
};

describe('the capacity of a machine', () => {
  test('is reckoned from the processor where that is used up first', () => {
    // 500 × 0.7 × 200 / 35
    expect(capacityOf(load)).toMatchObject({ people: 2_000, bound: 'cpu' });
  });

  test('is bounded by memory, and by what a server takes', () => {
    const small = { ...load, cpuPct: 2, memoryBytes: 2 * gib };
    expect(capacityOf(small)).toMatchObject({ people: 3_500, bound: 'memory' });
    expect(capacityOf({ ...load, cpuPct: 2 })).toMatchObject({ people: 10_000, bound: 'sessions' });
  });

  test('is not guessed where the server tells nothing', () => {
    expect(capacityOf({ ...load, cpuPct: null })).toBeNull();
    expect(capacityOf({ ...load, joined: 0 })).toBeNull();
  });
});

describe('the first limit', () => {
  const fine: LimitSigns = {
    ...{ throttled: 0, failed: 0, lossPct: 0.1, busyCores: 0.5, ownCores: 0.4 },
    freeBytes: gib,
  };

  test.each([
    ['nothing', {}, null],
    ['refusals', { failed: 1 }, 'refused'],
    ['throttling', { throttled: 1 }, 'throttled'],
    ['loss', { lossPct: 0.11 }, 'loss'],
    ['little memory', { freeBytes: gib / 8 }, 'memory'],
    ['busy processors', { busyCores: 0.99, ownCores: 0.8 }, 'cpu'],
    ['processors that others keep busy', { busyCores: 0.99, ownCores: 0.1 }, null],
  ] as const)('for %s', (_what, signs, limit) => {
    expect(limitReached({ ...fine, ...signs })).toBe(limit);
  });
});

describe('the verdict', () => {
  const result: StressResult = {
    ...idleStressResult,
    ...{ state: 'done', options, joined: 500, wanted: 500, expected: 10_000, delivered: 9_995 },
    ...{ lossPct: 0.05, cpuPct: 35, rssMiB: 200, delayMs: { p50: 1, p95: 3, p99: 12.34 } },
    capacity: capacityOf(load),
  };

  test('says what was lost, how late it was, what it cost and what it means', () => {
    const words = verdictOf(result, '');
    expect(words).toContain('All 500 bots joined.');
    expect(words).toContain('0.050 % of 10000 frames got lost, which nobody hears');
    expect(words).toContain('all but one in a hundred 12.3 ms');
    expect(words).toContain('35 % of one core');
    expect(words).toContain('about 2000 people');
    expect(words).toContain('It takes for granted');
  });

  test('says why bots did not come, and which limit was the first', () => {
    const words = verdictOf({ ...result, joined: 3, firstLimit: 'refused' }, 'Not today.');
    expect(words).toContain('3 of 500 bots joined (“Not today.”)');
    expect(words).toContain('First limit: the server let bots not in');
  });
});
