import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { TokenBuckets } from './tokenBuckets.js';

/** Buckets and their clock. */
class BucketStage {
  readonly #nowMs = new Float64Array(1);
  readonly #buckets: TokenBuckets;

  constructor(rows: number, perSecond: number, burst: number) {
    this.#buckets = new TokenBuckets(rows, perSecond, burst, this.#nowMs);
  }

  take(row: number, amount: number, nowMs: number): boolean {
    this.#nowMs[0] = nowMs;
    return this.#buckets.take(row, amount);
  }

  reset(row: number, nowMs: number): void {
    this.#nowMs[0] = nowMs;
    this.#buckets.reset(row);
  }
}

test('gives the burst, then what flows in', () => {
  const buckets = new BucketStage(1, 10, 5);
  const take = (nowMs: number): boolean => buckets.take(0, 1, nowMs);
  expect([0, 0, 0, 0, 0, 0].map(take)).toEqual([true, true, true, true, true, false]);
  expect(take(50)).toBe(false);
  expect(take(110)).toBe(true);
  expect(take(110)).toBe(false);
});

test('holds no more than the burst', () => {
  const buckets = new BucketStage(1, 10, 2);
  expect([1e9, 1e9, 1e9].map((nowMs) => buckets.take(0, 1, nowMs))).toEqual([true, true, false]);
});

test('takes nothing where less is there than asked for', () => {
  const buckets = new BucketStage(1, 10, 5);
  expect(buckets.take(0, 6, 0)).toBe(false);
  expect(buckets.take(0, 5, 0)).toBe(true);
});

test('keeps rows apart, and fills one again', () => {
  const buckets = new BucketStage(2, 10, 1);
  expect(buckets.take(0, 1, 0)).toBe(true);
  expect(buckets.take(1, 1, 0)).toBe(true);
  buckets.reset(1, 0);
  expect(buckets.take(0, 1, 0)).toBe(false);
  expect(buckets.take(1, 1, 0)).toBe(true);
});

test('never gives more than burst and flow together', () => {
  const random = new SeededRandom(95);
  const [perSecond, burst] = [60, 100];
  const buckets = new BucketStage(1, perSecond, burst);
  let nowMs = 0;
  let taken = 0;
  for (let step = 0; step < 50_000; step++) {
    nowMs += random.below(20);
    if (buckets.take(0, 1, nowMs)) taken++;
    expect(taken).toBeLessThanOrEqual(burst + (nowMs / 1_000) * perSecond + 1e-6);
  }
  expect(taken).toBeGreaterThan((nowMs / 1_000) * perSecond * 0.99);
});
