import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits } from '../limits.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { Database } from './database.js';
import { highestKey, keyBehind, lowestKey } from './keys.js';
import type { KeyRange, Write } from './tables.js';

let base: TestDatabase;

beforeEach(() => {
  base = openTestDatabase();
});

afterEach(() => base.remove());

const options = {
  limits: controlLimits.store,
  onFault: () => undefined,
  onRecovered: () => undefined,
};

function write(name: string, value: string | null): Write {
  return { table: 'users', key: Buffer.from(name), value: value === null ? null : text(value) };
}

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));

function get(database: Database, name: string): string | null {
  const value = database.get('users', text(name));
  return value === null ? null : Buffer.from(value).toString();
}

function names(database: Database, range: Partial<KeyRange> = {}): string[] {
  const all = { table: 'users', from: lowestKey, to: highestKey, countMax: Infinity } as const;
  const keys = database.keys({ ...all, order: 'ascending', ...range });
  return keys.map((key) => Buffer.from(key).toString());
}

describe('what is written', () => {
  test('is there at once, in pages once it is durable, and after it was opened again', async () => {
    let { database } = base;
    const written = database.commit([write('a', '1'), write('b', '2')]);
    expect([get(database, 'a'), names(database)]).toEqual(['1', []]);
    await written;
    expect(names(database)).toEqual(['a', 'b']);
    database = await base.reopen();
    expect([get(database, 'a'), get(database, 'b')]).toEqual(['1', '2']);
  });

  test('is refused where the disk has less free than it is to keep', async () => {
    const path = join(base.directory, 'full');
    mkdirSync(path);
    const limits = { ...controlLimits.store, diskReserveBytes: 2 ** 60 };
    const database = Database.open(path, { ...options, limits });
    const written = database.commit([write('a', '1')]);
    await expect(written).rejects.toMatchObject({ code: 'storageFull' });
    expect(get(database, 'a')).toBeNull();
    await database.close();
  });

  test('can be removed, also what is not there', async () => {
    const { database } = base;
    await database.commit([write('a', '1')]);
    const removed = database.commit([write('a', null), write('b', null)]);
    expect(get(database, 'a')).toBeNull();
    await removed;
    expect(names(database)).toEqual([]);
  });

  test('is written before it is closed, although nobody waited', async () => {
    base.database.commitBehind([write('a', '1')]);
    expect(get(await base.reopen(), 'a')).toBe('1');
  });

  test('is of the reader alone once it was read', async () => {
    const { database } = base;
    await database.commit([write('a', '1'), write('b', '2')]);
    const range = { table: 'users', from: lowestKey, to: highestKey, countMax: 9 } as const;
    const read = database.read({ ...range, order: 'ascending' }, (key, value) => [key, value]);
    read[0]![1]!.fill(0);
    database.get('users', text('b'))!.fill(0);
    expect(read[1]).toEqual([text('b'), text('2')]);
    expect([get(database, 'a'), get(database, 'b')]).toEqual(['1', '2']);
  });

  test('may be many times the size that the file had', async () => {
    const { database } = base;
    const value = new Uint8Array(100_000).fill(1);
    for (let index = 0; index < 60; index++) {
      await database.commit([{ table: 'users', key: text(`${index}`), value }]);
    }
    expect(names(database)).toHaveLength(60);
    expect(base.faults).toEqual([]);
  });
});

test('pages are what an array would give', async () => {
  const { database } = base;
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const all = [
      ...new Set(Array.from({ length: 30 }, () => `${seed}.${random.below(90)}`)),
    ].sort();
    await database.commit(all.map((name) => write(name, name)));
    for (let round = 0; round < 20; round++) {
      const [from, to] = [`${seed}.${random.below(99)}`, `${seed}.${random.below(99)}`].sort();
      const order = random.chance(0.5) ? 'ascending' : 'descending';
      const [countMax, skip] = [random.below(12), random.below(4)];
      const within = all.filter((name) => name >= from! && name < to!);
      if (order === 'descending') within.reverse();
      expect(
        names(database, { from: text(from!), to: text(to!), order, countMax, skip }),
        `seed ${seed}, round ${round}: ${order} from ${from} to ${to}, ${countMax} after ${skip}`,
      ).toEqual(within.slice(skip, skip + countMax));
    }
  }
});

test('the key behind a prefix is the first that does not begin with it', () => {
  expect(keyBehind(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 3));
  expect(keyBehind(Uint8Array.of(1, 255, 255))).toEqual(Uint8Array.of(2, 0, 0));
  expect(keyBehind(Uint8Array.of(255, 255))).toEqual(highestKey);
});

describe('a copy', () => {
  test('is one moment of a database that is written to meanwhile', async () => {
    const { database, directory } = base;
    // Two entries that are always the same.
    const both = (round: number): Write[] => [write('a', `${round}`), write('b', `${round}`)];
    await database.commit(both(0));
    const stop = new AbortController();
    const writing = (async () => {
      for (let round = 0; !stop.signal.aborted; round++) await database.commit(both(round));
    })();
    for (let round = 0; round < 5; round++) {
      const copy = join(directory, `copy ${round}`);
      mkdirSync(copy);
      await database.copyTo(copy);
      const opened = Database.openToRead(copy, options);
      expect(Number(get(opened, 'a') ?? NaN)).toBeGreaterThanOrEqual(0);
      expect(get(opened, 'a')).toBe(get(opened, 'b'));
      await opened.close();
    }
    stop.abort();
    await writing;
  });
});

describe('a database that is not one', () => {
  const whole = (): Buffer => readFileSync(join(base.directory, 'database', 'data.mdb'));
  const withByte = (at: number, value: number): Buffer => {
    const bytes = whole();
    bytes[at] = value;
    return bytes;
  };

  test.each([
    ['other bytes', () => Buffer.alloc(10_000, 'x')],
    ['a part of one', () => whole().subarray(0, 100)],
    ['its first page alone', () => whole().subarray(0, 4_096)],
    ['another second page', () => withByte(4_096 + 24, 0)],
    ['another format', () => withByte(28, 1)],
    ['another size of pages', () => withByte(48, 1)],
  ])('but %s is refused with its path', (_what, bytes) => {
    const path = join(base.directory, 'other');
    mkdirSync(path);
    writeFileSync(join(path, 'data.mdb'), bytes());
    for (const open of [
      () => Database.open(path, options),
      () => Database.openToRead(path, options),
    ]) {
      expect(open).toThrow(expect.objectContaining({ code: 'unusableData' }) as Error);
      expect(open).toThrow(path);
    }
  });

  test('is not made by reading', () => {
    const path = join(base.directory, 'absent');
    expect(() => Database.openToRead(path, options)).toThrow(/ENOENT/);
  });
});
