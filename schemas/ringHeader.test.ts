import { expect, test } from 'vitest';
import { assertRingSize } from './ringHeader.js';

test.each([4, 1_024, 2 ** 30])('accepts %i as a size', (units) => {
  expect(() => assertRingSize(units)).not.toThrow();
});

test.each([0, 1, 2, 3, 5, 1_000, -8, 4.5, NaN, 2 ** 31])('refuses %d as a size', (units) => {
  expect(() => assertRingSize(units)).toThrow(RangeError);
});
