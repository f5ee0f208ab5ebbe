import { expect, test } from 'vitest';
import { usualSound } from '../voiceMixer.js';
import { soundAt } from './position.js';

test('who stands nowhere is heard as ever', () => {
  const sound = { ...usualSound, gain: 1.5, pan: 0.3 };
  expect(soundAt(sound, null)).toEqual(sound);
  expect(soundAt(sound, { x: Number.NaN, y: 0, z: 0 })).toEqual(sound);
});

test.each([
  [0, 1],
  [1, 1],
  [2, 0.5],
  [10, 0.1],
  [45, 1 / 90],
  [50, 0],
  [1_000, 0],
])('at %d m somebody is heard with a gain of %d', (metres, gain) => {
  expect(soundAt(usualSound, { x: 0, y: 0, z: metres }).gain).toBeCloseTo(gain, 6);
});

test('the own volume counts too, mute and priority stay', () => {
  const sound = { ...usualSound, gain: 2, isMuted: true, hasPriority: true };
  const placed = soundAt(sound, { x: 0, y: 4, z: 0 });
  expect(placed).toEqual({ gain: 0.5, pan: 0, isMuted: true, hasPriority: true });
});

test('who stands on one side is heard there, and not only there', () => {
  const right = soundAt(usualSound, { x: 3, y: 0, z: 0 }).pan;
  const left = soundAt(usualSound, { x: -3, y: 0, z: 0 }).pan;
  expect(right).toBeGreaterThan(0.5);
  expect(right).toBeLessThan(1);
  expect(left).toBe(-right);
  expect(soundAt(usualSound, { x: 3, y: 0, z: 3 }).pan).toBeLessThan(right);
});

test('who walks past does not jump from one side to the other', () => {
  for (let x = -1; x < 1; x += 0.05) {
    const here = soundAt(usualSound, { x, y: 0, z: 0.1 }).pan;
    const next = soundAt(usualSound, { x: x + 0.05, y: 0, z: 0.1 }).pan;
    expect(Math.abs(next - here)).toBeLessThan(0.05);
  }
});
