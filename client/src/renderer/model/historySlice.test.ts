import { expect, test } from 'vitest';
import {
  closedSlice,
  grownSlice,
  newestOf,
  rangeOf,
  sliceAround,
  sliceAtEnd,
  sliceRowsMax,
  type HistorySlice,
} from './historySlice.js';

const idsFrom = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i).padStart(6, '0'));
const ids = idsFrom(1_000, 256);

test('begins at the end, and takes what is added there', () => {
  const slice = sliceAtEnd(ids)!;
  expect(rangeOf(ids, slice)).toEqual({ from: 208, to: 256 });
  expect(rangeOf([...ids, '009999'], slice)).toEqual({ from: 208, to: 257 });
  expect(sliceAtEnd([])).toBeNull();
});

test('keeps its rows while others come and go around it', () => {
  const slice = sliceAround(ids, ids[100]!)!;
  const { from, to } = rangeOf(ids, slice)!;
  expect(from).toBeLessThan(100);
  expect(to).toBeGreaterThan(100);
  const earlier = [...idsFrom(900, 100), ...ids.slice(0, 156)];
  expect(rangeOf(earlier, slice)).toEqual({ from: from + 100, to: to + 100 });
  expect(sliceAround(ids, 'elsewhere')).toBeNull();
});

test('is as much as is left of it, or nothing', () => {
  const slice = sliceAround(ids, ids[10]!)!;
  expect(rangeOf(ids.slice(5), slice)!.from).toBe(0);
  expect(rangeOf(idsFrom(5_000, 50), slice)).toBeNull();
});

test('grows at one side, never beyond its bound, up to the first or last message', () => {
  let slice: HistorySlice | null = sliceAtEnd(ids);
  for (const side of ['earlier', 'later'] as const) {
    for (let step = 0; step < 20; step++) {
      const range = rangeOf(ids, slice!)!;
      expect(range.to - range.from).toBeLessThanOrEqual(sliceRowsMax);
      slice = grownSlice(ids, range, side, 'openEnd');
    }
    expect(side === 'earlier' ? rangeOf(ids, slice!)!.from : slice!.lastId).toBe(
      side === 'earlier' ? 0 : null,
    );
  }
  const closed = grownSlice(ids, { from: 200, to: 250 }, 'later', 'endIsLeft');
  expect(closed?.lastId).toBe(ids.at(-1));
});

test('stays within its bound at its open end, or is closed where somebody reads', () => {
  const range = { from: 0, to: 256 };
  expect(rangeOf(ids, newestOf(ids, range)!)).toEqual({ from: 256 - sliceRowsMax, to: 256 });
  const closed = closedSlice(ids, { from: 0, to: 50 })!;
  expect(rangeOf(ids, closed)).toEqual({ from: 0, to: 50 });
});
