import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootRoomId } from '@rookery/schemas/protocol';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { schema1Database } from '../testing/schema1Database.js';
import { checkData } from './checkData.js';
import { databasePath } from './migrate.js';
import { openStore } from './store.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-earlier-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const id = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const ms = 1_800_000_000_000;

test('what schema version 1 wrote is there', async () => {
  const path = databasePath(directory, 1);
  mkdirSync(path);
  writeFileSync(join(path, 'data.mdb'), schema1Database());
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory: directory, limits: controlLimits.store, log });
  expect(store.rooms.list()).toMatchObject([
    { roomId: rootRoomId, parentId: null, name: 'Lobby', speakersMax: 5 },
    { roomId: id(1), parentId: rootRoomId, name: 'Games', speakersMax: 0, bitrate: 48_000 },
    { roomId: id(2), parentId: id(1), name: 'Café', bundleWindowMs: 0, bitrate: 96_000 },
  ]);
  expect(store.users.find(id(10))).toMatchObject({
    publicKey: new Uint8Array(32).fill(1),
    displayName: 'Ada',
    firstSeenMs: ms + 2,
    lastSeenMs: ms + 3,
  });
  expect(store.lastRooms.find(id(10))).toBe(id(2));
  const messages = store.messages.after(id(2), null, 9);
  expect(messages).toMatchObject([
    { text: 'first', sentAtMs: ms + 10, editedAtMs: null, deletedAtMs: null },
    { text: 'second, edited', editedAtMs: ms + 20, displayName: 'Ada' },
    { text: '', deletedAtMs: ms + 21, userId: id(10), clientMessageId: id(102) },
  ]);
  expect(await store.messages.sentBefore(id(10), id(101))).toBe(messages[1]?.messageId);
  await store.close();
  expect((await checkData(directory)).problems).toEqual([]);
});
