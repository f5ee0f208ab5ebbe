import { describe, expect, it } from 'vitest';
import { RateBucket } from './rateBucket.js';

describe('RateBucket', () => {
  it('gives its burst at once, then what flows in', () => {
    const bucket = new RateBucket(10, 3, 1000);
    expect([1, 2, 3, 4].map(() => bucket.take(1000))).toEqual([true, true, true, false]);
    expect(bucket.take(1099)).toBe(false);
    expect(bucket.take(1100)).toBe(true);
    expect(bucket.take(1100)).toBe(false);
  });

  it('keeps no more than its burst', () => {
    const bucket = new RateBucket(10, 3, 0);
    expect(bucket.available(1_000_000)).toBe(3);
    bucket.spend(2);
    expect(bucket.available(1_000_000)).toBe(1);
  });

  it('takes a step backwards for no time', () => {
    const bucket = new RateBucket(1, 1, 10_000);
    bucket.take(10_000);
    expect(bucket.available(0)).toBe(0);
    expect(bucket.available(11_000)).toBe(1);
  });
});
