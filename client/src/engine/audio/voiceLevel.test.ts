import { expect, test } from 'vitest';
import { voiceLevel } from './voiceLevel.js';

const frameOfRms = (dbfs: number): Float32Array => new Float32Array(960).fill(10 ** (dbfs / 20));

test.each([
  [-200, 0],
  [-60.1, 0],
  [-59.9, 1],
  [-56.1, 1],
  [-55.9, 2],
  [-30, 8],
  [-4.1, 14],
  [-3.9, 15],
  [0, 15],
  [12, 15],
])('a frame of %d dBFS is level %i', (dbfs, level) => {
  expect(voiceLevel(frameOfRms(dbfs))).toBe(level);
});

test('silence is level 0', () => {
  expect(voiceLevel(new Float32Array(960))).toBe(0);
});
