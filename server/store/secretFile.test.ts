import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSecretFile } from './secretFile.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-secret-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('is made once, readable by its owner alone, and nothing is left beside it', async () => {
  const file = join(directory, 'secret');
  expect(await openSecretFile(file, () => 'first')).toBe('first');
  expect(await openSecretFile(file, () => 'second')).toBe('first');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['secret']);
});

test('an unfinished file of a crash is written anew', async () => {
  const file = join(directory, 'secret');
  writeFileSync(`${file}.new`, 'half of an old secret that was longer');
  chmodSync(`${file}.new`, 0o600);
  await openSecretFile(file, () => 'whole');
  expect(readFileSync(file, 'utf8')).toBe('whole');
});

test('names the file that it cannot read', async () => {
  await expect(openSecretFile(directory, () => '')).rejects.toMatchObject({
    code: 'unusableData',
    message: expect.stringContaining(directory) as string,
  });
});
