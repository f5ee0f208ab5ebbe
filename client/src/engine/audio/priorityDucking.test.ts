import { expect, test } from 'vitest';
import { PriorityDucking } from './priorityDucking.js';

test('goes down within 50 ms, comes back within 300 ms, and stays within its bounds', () => {
  const ducking = new PriorityDucking();
  expect(ducking.advance(1, false)).toBe(1);
  expect(ducking.advance(4, true)).toBeGreaterThan(0.25);
  expect(ducking.advance(1, true)).toBeCloseTo(0.25, 9);
  expect(ducking.advance(10, true)).toBe(0.25);
  expect(ducking.advance(29, false)).toBeLessThan(1);
  expect(ducking.advance(2, false)).toBe(1);
  expect(ducking.gain).toBe(1);
});
