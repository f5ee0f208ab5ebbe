import { expect, test } from 'vitest';
import { SeededRandom } from './seededRandom.js';

test('gives the same numbers for the same seed and others for the next', () => {
  const numbers = (seed: number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 8 }, () => random.nextUint32());
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

test('spreads over the whole range', () => {
  const random = new SeededRandom(1);
  const hits = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) hits[random.below(16)]!++;
  for (const count of hits) expect(count).toBeGreaterThan(800);
  expect(random.below(1)).toBe(0);
});

test('makes chances come true about as often as they say', () => {
  const random = new SeededRandom(1);
  let hits = 0;
  for (let i = 0; i < 10_000; i++) if (random.chance(0.25)) hits++;
  expect(Math.abs(hits - 2_500)).toBeLessThan(200);
  expect(random.chance(0)).toBe(false);
  expect(random.chance(1)).toBe(true);
});

test('fills the bytes that were asked for', () => {
  const bytes = new SeededRandom(1).bytes(1_000);
  expect(bytes).toHaveLength(1_000);
  expect(new Set(bytes).size).toBeGreaterThan(200);
});
