import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { TokenBucket } from './tokenBucket.js';

const limits = { perSecond: 10, burst: 5, refusedMax: 3 };

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

test('is flooded by whoever goes on, also while it lets some through, not by who waits', () => {
  const bucket = new TokenBucket(limits, 0);
  let nowMs = 0;
  for (let round = 0; round < 100; round++) {
    while (bucket.take(nowMs) === 0);
    expect(bucket.isFlooded()).toBe(false);
    nowMs += 100;
  }
  // Three times the pace.
  for (let index = 0; index < 12; index++) bucket.take((nowMs += 33));
  expect(bucket.isFlooded()).toBe(true);
});

test('is full when it lets a whole burst through', () => {
  const bucket = new TokenBucket(limits, 0);
  expect(bucket.isFull(0)).toBe(true);
  bucket.take(0);
  expect(bucket.isFull(99)).toBe(false);
  expect(bucket.isFull(100)).toBe(true);
});
