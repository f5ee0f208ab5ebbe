import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, 'virtualSound.mjs');

test('a command has a sound device of its own, gives its exit code, and leaves nothing', () => {
  const program = 'console.log(process.env.ALSA_CONFIG_PATH); process.exitCode = 3';
  const command = [script, process.execPath, '-e', program];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(status).toBe(3);
  expect(stdout).toContain('rookery-pulse-');
  expect(existsSync(stdout.trim())).toBe(false);
});
