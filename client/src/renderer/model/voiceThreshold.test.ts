import { expect, test } from 'vitest';
import { suggestThreshold, thresholdAt } from './voiceThreshold.js';

const many = (value: number, count = 50): number[] => Array<number>(count).fill(value);

test('lies between what is there without speech, and speech', () => {
  const found = suggestThreshold(many(0.1), [...many(0.05, 20), ...many(0.95)])!;
  expect(found.startsAbove).toBeGreaterThan(0.2);
  expect(found.startsAbove).toBeLessThan(0.9);
  expect(found.stopsBelow).toBeLessThan(found.startsAbove);
});

test('stands higher where it is noisy', () => {
  const quiet = suggestThreshold(many(0.05), many(0.9))!;
  const noisy = suggestThreshold(many(0.5), many(0.9))!;
  expect(noisy.startsAbove).toBeGreaterThan(quiet.startsAbove);
  expect(noisy.startsAbove).toBeGreaterThan(0.5);
});

test('takes a single click in the silence for none', () => {
  expect(suggestThreshold([...many(0.05), 1, 1], many(0.9))).toEqual(
    suggestThreshold(many(0.05, 52), many(0.9)),
  );
});

test('finds nothing where speech cannot be told from noise, or was not measured', () => {
  expect(suggestThreshold(many(0.6), many(0.65))).toBeNull();
  expect(suggestThreshold(many(0.9), many(0.1))).toBeNull();
  expect(suggestThreshold([], many(0.9))).toBeNull();
  expect(suggestThreshold(many(0.1), [])).toBeNull();
});

test('keeps away from letting everything through, and nothing', () => {
  expect(suggestThreshold(many(0), many(0.2))!.startsAbove).toBe(0.15);
  expect(suggestThreshold(many(0.8), many(1))!.startsAbove).toBe(0.85);
});

test('lets a word that goes on through by less than one that begins', () => {
  expect(thresholdAt(0.5)).toEqual({ startsAbove: 0.5, stopsBelow: 0.35 });
});
