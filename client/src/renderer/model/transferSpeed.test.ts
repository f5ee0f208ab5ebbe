import { expect, test } from 'vitest';
import { TransferSpeed } from './transferSpeed.js';

test('tells how much came in the last seconds', () => {
  const speed = new TransferSpeed();
  expect(speed.push(0, 0)).toBe(0);
  expect(speed.push(1_000, 500_000)).toBe(500_000);
  for (let second = 2; second <= 10; second++) speed.push(1_000 * second, 500_000);
  expect(speed.push(11_000, 500_000)).toBe(0);
});

test('begins anew where a transfer does', () => {
  const speed = new TransferSpeed();
  speed.push(0, 900_000);
  expect(speed.push(1_000, 0)).toBe(0);
  expect(speed.push(2_000, 1_000)).toBe(1_000);
});
