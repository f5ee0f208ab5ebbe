import { expect, test } from 'vitest';
import { limitMix } from './softLimiter.js';

function limited(...mix: number[]): number[] {
  const out = new Int16Array(mix.length);
  limitMix(Float32Array.from(mix), out);
  return [...out];
}

test('leaves what is quiet as it is', () => {
  expect(limited(0, 0.5, -0.5, 0.8, -0.8)).toEqual([0, 16_384, -16_383, 26_214, -26_214]);
});

test('bends what is loud without ever reaching the end, in order and alike on both sides', () => {
  const levels = Array.from({ length: 400 }, (_, i) => i / 100);
  const up = limited(...levels);
  for (let i = 1; i < up.length; i++) expect(up[i]).toBeGreaterThanOrEqual(up[i - 1]!);
  expect(up.at(-1)).toBeLessThanOrEqual(32_767);
  expect(up[90]).toBeLessThan(0.9 * 32_767);
  expect(up[90]).toBeGreaterThan(up[80]!);
  const down = limited(...levels.map((level) => -level));
  for (let i = 0; i < up.length; i++) expect(up[i]! + down[i]!).toBeCloseTo(0, -0.5);
});
