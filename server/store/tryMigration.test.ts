import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readingOptions } from './backup.js';
import { openMigrated, type Schema } from './migrate.js';
import { tryMigration } from './tryMigration.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-try-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const silent = (): void => undefined;
const first: Schema = { version: 1, migrations: [] };

/** @param run what the step does */
const second = (run: () => Promise<void>): Schema => ({
  version: 2,
  migrations: [{ to: 2, what: 'a try', run }],
});

async function makeData(): Promise<string[]> {
  const options = { ...readingOptions, schema: first, onStep: silent };
  await (await openMigrated(directory, options)).close();
  return readdirSync(directory);
}

test('a migration is tried on a copy, and nothing of it stays', async () => {
  const before = await makeData();
  let runs = 0;
  const schema = second(() => {
    runs += 1;
    return Promise.resolve();
  });
  expect(await tryMigration(directory, silent, schema)).toEqual({ from: 1, to: 2 });
  expect(runs).toBe(1);
  expect(readdirSync(directory)).toEqual(before);
});

test('one that fails says why, and nothing of it stays', async () => {
  const before = await makeData();
  const schema = second(() => Promise.reject(new Error('it is odd')));
  await expect(tryMigration(directory, silent, schema)).rejects.toThrow('it is odd');
  expect(readdirSync(directory)).toEqual(before);
});

test('without data there is nothing to try', async () => {
  await expect(tryMigration(directory, silent)).rejects.toThrow('no database');
});
