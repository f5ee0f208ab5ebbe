import { expect, test } from 'vitest';
import { BusyTotals } from './busyTotals.js';

test('adds up what workers count modulo 2^32', () => {
  let busyUs = [2 ** 32 - 500_000, 0];
  const totals = new BusyTotals(() => busyUs);
  const [first] = totals.read();
  busyUs = [500_000, 250_000];
  const [after, second] = totals.read();
  expect(after! - first!).toBeCloseTo(1, 6);
  expect(second).toBe(0.25);
});
