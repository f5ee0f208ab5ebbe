import { expect, test } from 'vitest';
import { BufferClock } from './bufferClock.js';

test('counts on from its start, so that lateness does not add up', () => {
  const clock = new BufferClock(10, 0, 1_000);
  expect(clock.dueInMs(1_000)).toBe(10);
  expect(clock.dueInMs(1_013)).toBe(-3);
  clock.count();
  expect(clock.dueInMs(1_013)).toBe(7);
});

test('runs faster by what it drifts', () => {
  const clock = new BufferClock(10, 200, 0);
  for (let i = 0; i < 99_999; i++) clock.count();
  expect(clock.dueInMs(0)).toBeCloseTo(1_000_000 / 1.000_2, 6);
});

test('stands still where it is started again', () => {
  const clock = new BufferClock(10, 0, 0);
  clock.count();
  clock.restart(500);
  expect(clock.dueInMs(500)).toBe(10);
});
