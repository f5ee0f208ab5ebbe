import { expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnectDelay.js';

it('waits longer after each try, up to a limit, and never at the same time as all others', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 60, 6_000].map((attempt) => reconnectDelayMs(attempt, 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  expect(reconnectDelayMs(0, 0)).toBe(250);
  expect(reconnectDelayMs(60, 0)).toBe(5_000);
});
