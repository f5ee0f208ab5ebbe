import { expect, test } from 'vitest';
import { LookTimes, usualPace } from './lookTimes.js';

const hourMs = 3_600_000;
const startMs = 1_000 * hourMs;

test('the first look comes minutes after the start, at another moment for each', () => {
  const [soon, late] = [0, 1].map((random) => new LookTimes(usualPace, () => random, startMs));
  expect(soon!.isDue(startMs + 179_999)).toBe(false);
  expect(soon!.isDue(startMs + 180_000)).toBe(true);
  expect(late!.isDue(startMs + 479_999)).toBe(false);
  expect(late!.isDue(startMs + 480_000)).toBe(true);
});

test('after that about once a day, and sooner where nobody answered', () => {
  const times = new LookTimes(usualPace, () => 0.5, startMs);
  times.looked(true, startMs);
  expect(times.isDue(startMs + 23.9 * hourMs)).toBe(false);
  expect(times.isDue(startMs + 24 * hourMs)).toBe(true);
  times.looked(false, startMs);
  expect(times.isDue(startMs + 2.9 * hourMs)).toBe(false);
  expect(times.isDue(startMs + 3 * hourMs)).toBe(true);
});

test('a clock that is put back by years delays nothing', () => {
  const times = new LookTimes(usualPace, () => 1, startMs);
  times.looked(true, startMs);
  expect(times.isDue(startMs - hourMs)).toBe(true);
  expect(times.isDue(startMs + hourMs)).toBe(false);
});
