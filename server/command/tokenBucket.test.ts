import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { TokenBucket } from './tokenBucket.js';

const limits = { perSecond: 10, burst: 5, refusedInRowMax: 3 };

test('lets a burst through, then tells when to come again', () => {
  const bucket = new TokenBucket(limits, 0);
  const waits = Array.from({ length: 6 }, () => bucket.take(0));
  expect(waits).toEqual([0, 0, 0, 0, 0, 100]);
  expect(bucket.take(99)).toBeGreaterThan(0);
  expect(bucket.take(100)).toBe(0);
});

test('keeps to rate and burst, and lets through whoever waits as told', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = new SeededRandom(seed);
    const bucket = new TokenBucket(limits, 0);
    let nowMs = 0;
    let taken = 0;
    for (let index = 0; index < 200; index++) {
      nowMs += random.below(120);
      const waitMs = bucket.take(nowMs);
      if (waitMs === 0) {
        taken += 1;
        continue;
      }
      nowMs += waitMs;
      expect(bucket.take(nowMs), `seed ${seed}`).toBe(0);
      taken += 1;
    }
    expect(taken, `seed ${seed}`).toBeLessThanOrEqual(limits.burst + (nowMs / 1_000) * 10);
  }
});

test('is flooded by refusals in a row, not by those that were heeded', () => {
  const bucket = new TokenBucket({ ...limits, perSecond: 1 }, 0);
  let nowMs = 0;
  for (let round = 0; round < 10; round++) {
    while (bucket.take(nowMs) === 0);
    bucket.take(nowMs);
    expect(bucket.isFlooded()).toBe(false);
    nowMs += 1_000;
  }
  for (let index = 0; index < 5; index++) bucket.take(nowMs);
  expect(bucket.isFlooded()).toBe(true);
});
