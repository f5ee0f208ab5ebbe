import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import type { Database } from './database.js';
import { databasePath, newestVersion, openMigrated, readVersion, type Schema } from './migrate.js';
import type { Tables } from './tables.js';

let directory = '';
let steps: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-migrate-'));
  steps = [];
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const key = new Uint8Array(16);
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));

function open(schema: Schema): Promise<Database> {
  return openMigrated(directory, {
    limits: controlLimits.store,
    schema,
    onStep: (step) => steps.push(step),
    onFault: () => undefined,
    onRecovered: () => undefined,
  });
}

/** Appends its own version to the one value that there is. */
const migration = (to: number) => ({
  to,
  what: `step ${to}`,
  run: async (tables: Tables): Promise<void> => {
    const before = Buffer.from(tables.get('users', key) ?? []).toString();
    await tables.commit([{ table: 'users', key, value: text(`${before}${to}`) }]);
  },
});

const schemaOf = (version: number): Schema => ({
  version,
  migrations: Array.from({ length: version - 1 }, (_, index) => migration(index + 2)),
});

function valueOf(database: Database): string {
  return Buffer.from(database.get('users', key) ?? []).toString();
}

async function make(version: number): Promise<void> {
  const database = await open(schemaOf(version));
  await database.commit([{ table: 'users', key, value: text('1') }]);
  await database.close();
}

test('a new database is of the newest version, and says so', async () => {
  const database = await open(schemaOf(3));
  expect([readVersion(database), newestVersion(directory)]).toEqual([3, 3]);
  await database.close();
  expect(steps).toEqual([]);
  await (await open(schemaOf(3))).close();
  expect(readdirSync(directory)).toEqual(['database-3']);
});

test('an earlier one is migrated step by step, and stays as its own backup', async () => {
  await make(1);
  const before = readFileSync(join(databasePath(directory, 1), 'data.mdb'));
  let database = await open(schemaOf(3));
  expect(valueOf(database)).toBe('123');
  await database.close();
  expect(readdirSync(directory).sort()).toEqual(['database-1', 'database-3']);
  expect(readFileSync(join(databasePath(directory, 1), 'data.mdb')).equals(before)).toBe(true);
  expect(steps.join('\n')).toContain(databasePath(directory, 1));
  database = await open(schemaOf(3));
  expect(valueOf(database)).toBe('123');
  await database.close();
});

describe('a migration that fails', () => {
  const failing: Schema = {
    version: 3,
    migrations: [
      migration(2),
      { to: 3, what: 'step 3', run: () => Promise.reject(new Error('no way')) },
    ],
  };

  test('leaves the earlier one untouched, says so, and can be tried again', async () => {
    await make(1);
    await expect(open(failing)).rejects.toMatchObject({
      code: 'unusableData',
      message: expect.stringMatching(/schema version 3 \(step 3\): no way.*untouched/) as string,
    });
    expect(readdirSync(directory)).toEqual(['database-1']);
    const earlier = await open(schemaOf(1));
    expect(valueOf(earlier)).toBe('1');
    await earlier.close();
    const database = await open(schemaOf(3));
    expect(valueOf(database)).toBe('123');
    await database.close();
  });

  test('by a crash is begun anew', async () => {
    await make(1);
    const unfinished = `${databasePath(directory, 3)}.unfinished`;
    cpSync(databasePath(directory, 1), unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'data.mdb'), 'half of a copy');
    const database = await open(schemaOf(3));
    expect(valueOf(database)).toBe('123');
    await database.close();
    expect(readdirSync(directory).sort()).toEqual(['database-1', 'database-3']);
  });
});

test('a newer one is refused, and nothing is made', async () => {
  await make(3);
  await expect(open(schemaOf(2))).rejects.toMatchObject({
    code: 'newerData',
    message: expect.stringContaining('schema version 3') as string,
  });
  expect(readdirSync(directory)).toEqual(['database-3']);
});
