import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { databasePath } from '../store/migrate.js';
import { openStore, type Store } from '../store/store.js';
import { schemaVersion } from '../store/tables.js';
import { databaseFinding, lookAtDatabase } from './databaseLook.js';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'rookery-look-'));
});
afterEach(() => rmSync(data, { recursive: true }));

/** @param sentAtMs of a message in a room each */
async function storeWith(sentAtMs: readonly number[]): Promise<Store> {
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory: data, limits: controlLimits.store, log });
  const message = { userId: newUuid(), displayName: 'Ada', text: 'hello' };
  for (const [index, at] of sentAtMs.entries()) {
    const roomId = index === 0 ? rootRoomId : newUuid();
    const clientMessageId = newUuid();
    await store.messages.append({ ...message, roomId, sentAtMs: at, clientMessageId });
  }
  return store;
}

test('tells version and newest message of a database that a server has open', async () => {
  const store = await storeWith([10_000, 30_000, 20_000]);
  const look = await lookAtDatabase(data);
  await store.close();
  expect(look).toEqual({ kind: 'opened', version: schemaVersion, newestMessageMs: 30_000 });
  expect(databaseFinding(look).verdict).toBe('good');
});

test('a server without messages, and none at all, are no fault', async () => {
  expect(databaseFinding(await lookAtDatabase(join(data, 'absent'))).verdict).toBe('good');
  await (await storeWith([])).close();
  expect(await lookAtDatabase(data)).toMatchObject({ kind: 'opened', newestMessageMs: null });
});

test('a damaged database is told, and ends nothing but its reader', async () => {
  await (await storeWith([1, 2, 3])).close();
  const file = join(databasePath(data, schemaVersion), 'data.mdb');
  const whole = readFileSync(file);
  truncateSync(file, 2 * 4_096);
  expect(databaseFinding(await lookAtDatabase(data)).verdict).toBe('bad');
  writeFileSync(file, Buffer.from(whole).fill(0xa7, 2 * 4_096));
  expect(databaseFinding(await lookAtDatabase(data)).verdict).toBe('bad');
  writeFileSync(file, 'x'.repeat(10_000));
  expect(databaseFinding(await lookAtDatabase(data))).toMatchObject({
    verdict: 'bad',
    text: expect.stringMatching(/estore a backup/) as string,
  });
});

test('the database of a newer release is told', async () => {
  await (await storeWith([])).close();
  renameSync(databasePath(data, schemaVersion), databasePath(data, schemaVersion + 1));
  expect(databaseFinding(await lookAtDatabase(data))).toMatchObject({
    verdict: 'bad',
    text: expect.stringContaining('Run the release that wrote it') as string,
  });
});

test('a data directory that cannot be read is told', async () => {
  const file = join(data, 'file');
  writeFileSync(file, '');
  expect(databaseFinding(await lookAtDatabase(file))).toMatchObject({
    verdict: 'bad',
    text: expect.stringContaining("Run this as the server's user") as string,
  });
});
