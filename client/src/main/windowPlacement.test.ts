import { expect, test } from 'vitest';
import { placementOf, windowSizeMin, type KeptPlacement } from './windowPlacement.js';

const left = { x: 0, y: 24, width: 1920, height: 1056 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };
const kept = (x: number, y: number, width = 900, height = 700): KeptPlacement => ({
  bounds: { x, y, width, height },
  isMaximized: false,
});

test('a first window is for the system to place', () => {
  const placement = placementOf(null, [left]);
  expect(placement).toEqual({ size: { width: 1280, height: 800 }, at: null, isMaximized: false });
});

test('a window comes where it stood, on whichever screen', () => {
  expect(placementOf(kept(100, 50), [left]).at).toEqual({ x: 100, y: 50 });
  expect(placementOf(kept(2_000, 10), [left, right]).at).toEqual({ x: 2_000, y: 10 });
  const wide = { ...kept(0, 24), isMaximized: true } as KeptPlacement;
  expect(placementOf(wide, [left]).isMaximized).toBe(true);
});

test.each([
  ['whose screen is gone', kept(2_000, 10)],
  ['that one cannot get hold of at the side', kept(1_900, 100)],
  ['whose title is above the screen', kept(100, 0)],
  ['whose title is below the screen', kept(100, 1_070)],
])('a window %s keeps its size alone', (_, lost) => {
  expect(placementOf(lost, [left])).toMatchObject({
    at: null,
    size: { width: 900, height: 700 },
  });
});

test('no window is larger than its screen, or too small to use', () => {
  expect(placementOf(kept(1_920, 0, 5_000, 5_000), [left, right]).size).toEqual({
    width: 1280,
    height: 1024,
  });
  expect(placementOf(kept(0, 24, 1, 1), [left]).size).toEqual(windowSizeMin);
  expect(placementOf(kept(0, 24), []).at).toBeNull();
});
