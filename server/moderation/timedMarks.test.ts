import { expect, test } from 'vitest';
import { TimedMarks } from './timedMarks.js';

test('a mark lasts for its time, and no longer', () => {
  const marks = new TimedMarks(8);
  marks.set('ada', 1_000, 50);
  expect(marks.leftMs('ada', 50)).toBe(1_000);
  expect(marks.leftMs('ada', 1_049)).toBe(1);
  expect(marks.leftMs('ada', 1_050)).toBe(0);
  expect(marks.leftMs('bob', 50)).toBe(0);
  marks.set('ada', 10, 2_000);
  expect(marks.leftMs('ada', 2_000)).toBe(10);
});

test('of too many the one that was set longest ago goes', () => {
  const marks = new TimedMarks(2);
  for (const key of ['ada', 'bob', 'ada', 'cleo']) marks.set(key, 1_000, 0);
  expect(['ada', 'bob', 'cleo'].map((key) => marks.leftMs(key, 0))).toEqual([1_000, 0, 1_000]);
});
