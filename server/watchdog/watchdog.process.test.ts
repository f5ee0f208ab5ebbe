import { expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../testing/serverProcess.js';
import { stuckSignal } from './watchdog.js';

const program = fileURLToPath(new URL('../testing/stuckProgram.js', import.meta.url));

test('ends a process whose main thread stands still, after a line that says so', async () => {
  const stuck = new ServerProcess({ program, args: ['stuck'] });
  await stuck.exited;
  expect(stuck.endedBy).toBe(stuckSignal);
  expect(stuck.stderr).toContain('the main thread stands still: the process is ended');
});

test('leaves a process alone whose event loop turns', async () => {
  const lively = new ServerProcess({ program, args: [] });
  expect(await lively.exited).toBe(0);
  expect(lively.stderr).toBe('');
});
