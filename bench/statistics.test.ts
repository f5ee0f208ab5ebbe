import { describe, expect, test } from 'vitest';
import { median, medianOf, quantile } from './statistics.js';

describe('median', () => {
  test('is the middle one, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  test('is the mean of the middle two of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test('sorts by value and leaves its argument alone', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });

  test('refuses an empty list', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  test('is taken of one figure of each run', () => {
    expect(medianOf([{ loss: 3 }, { loss: 1 }, { loss: 2 }], ({ loss }) => loss)).toBe(2);
  });
});

describe('quantile', () => {
  test('is the least value that so many do not exceed', () => {
    const values = [40, 10, 30, 20];
    expect([0, 0.25, 0.5, 0.51, 1].map((share) => quantile(values, share))).toEqual([
      10, 10, 20, 30, 40,
    ]);
  });

  test('needs values', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
