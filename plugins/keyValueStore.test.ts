import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeyValueStore } from './keyValueStore.js';
import { pluginLimits } from './limits.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-store-'));
  file = join(folder, 'store.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (): Promise<KeyValueStore> => KeyValueStore.open(file, pluginLimits);

test('what was set is there when it is opened again', async () => {
  const store = await open();
  // Not awaited one by one: they take turns.
  await Promise.all([
    store.set('a', '1'),
    store.set('__proto__', '2'),
    store.set('b', '3'),
    store.delete('b'),
  ]);
  const again = await open();
  expect(['a', '__proto__', 'b', 'c'].map((key) => again.get(key))).toEqual(['1', '2', null, null]);
  expect(readdirSync(folder)).toEqual(['store.json']);
});

test('keeps its bounds, and what was there before', async () => {
  const limits = { ...pluginLimits, storeKeysMax: 2, storeBytesMax: 20, storeValueBytesMax: 10 };
  const store = await KeyValueStore.open(file, limits);
  await store.set('a', '1');
  await expect(store.set('b', 'x'.repeat(11))).rejects.toMatchObject({ code: 'storeFull' });
  await expect(store.set('b', 'ü'.repeat(6))).rejects.toMatchObject({ code: 'storeFull' });
  await expect(store.set('x'.repeat(129), '')).rejects.toMatchObject({ code: 'storeFull' });
  await store.set('b', '123456789');
  await expect(store.set('a', '0123456789')).rejects.toMatchObject({ code: 'storeFull' });
  await expect(store.set('c', '')).rejects.toMatchObject({ code: 'storeFull' });
  expect([store.get('a'), store.get('b')]).toEqual(['1', '123456789']);
});

test('is idle when all that was begun is written', async () => {
  const store = await KeyValueStore.open(file, { ...pluginLimits, storeWritesBurst: 1 });
  const writes = [1, 2, 3].map((write) => store.set('key', String(write)));
  await store.idle();
  expect((await open()).get('key')).toBe('3');
  await Promise.all(writes);
});

test('what could not be written was not set', async () => {
  const store = await open();
  await store.set('a', '1');
  rmSync(folder, { recursive: true });
  await expect(store.set('a', '2')).rejects.toMatchObject({ code: 'storageFault' });
  expect(store.get('a')).toBe('1');
  writeFileSync((folder = mkdtempSync(join(tmpdir(), 'rookery-store-'))) + '/x', '');
});

test('a file that is broken is not taken for an empty one', async () => {
  writeFileSync(file, '{"version":1');
  await expect(open()).rejects.toMatchObject({ code: 'storageFault' });
});
