import { expect, test } from 'vitest';
import { WritePace } from './writePace.js';

test('takes a burst at once, and what comes after it in its time', () => {
  const pace = new WritePace(2, 50);
  expect([0, 0, 0, 0].map((nowMs) => pace.waitMs(nowMs))).toEqual([0, 0, 50, 100]);
  // Those two were waited for, and there is no burst again before a while.
  expect([100, 150, 400, 400, 400].map((nowMs) => pace.waitMs(nowMs))).toEqual([50, 50, 0, 0, 50]);
});
