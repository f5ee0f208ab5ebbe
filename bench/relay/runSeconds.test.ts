import { expect, test } from 'vitest';
import { runSecondsFor } from './runSeconds.js';

test.each([
  ['a load that keeps half a core busy', 1, 2, 5],
  ['a load that needs a while for a CPU second', 0.25, 2, 8],
  ['a load that hardly costs anything', 0.06, 2, 16],
])('chooses how long %s is run', (_load, cpuSeconds, seconds, chosen) => {
  expect(runSecondsFor({ cpuSeconds, seconds }, 5)).toBe(chosen);
});
