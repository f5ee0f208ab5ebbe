import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { testOptions, ServerProcess } from '../testing/serverProcess.js';
import { databasePath } from './migrate.js';
import { openStore, type Store } from './store.js';
import { schemaVersion } from './tables.js';

let dataDirectory: string;
let file: string;

function open(ended: 'well' | 'badly'): Promise<Store> {
  const log = pino({ level: 'silent' });
  return openStore({ dataDirectory, ended, limits: controlLimits.store, log });
}

beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'rookery-probe-'));
  file = join(databasePath(dataDirectory, schemaVersion), 'data.mdb');
  const store = await open('well');
  const message = { roomId: rootRoomId, userId: newUuid(), displayName: 'Ada', sentAtMs: 1 };
  const texts = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(500)}`);
  await Promise.all(
    texts.map((text) => store.messages.append({ ...message, text, clientMessageId: newUuid() })),
  );
  await store.close();
});

afterEach(() => {
  rmSync(dataDirectory, { recursive: true });
});

test('a database without its end is refused, and the process lives', async () => {
  truncateSync(file, 4 * 4_096);
  await expect(open('well')).rejects.toMatchObject({
    code: 'unusableData',
    message: expect.stringMatching(/database-.* is damaged.*restore/) as string,
  });
});

test('one that is full of nonsense after a crash is refused, too', async () => {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa7, 2 * 4_096));
  await expect(open('badly')).rejects.toMatchObject({ code: 'unusableData' });
});

test('a server says so, and says it again at the next try', async () => {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa7, 2 * 4_096));
  mkdirSync(join(dataDirectory, 'lock'));
  // Of a server that is gone.
  writeFileSync(join(dataDirectory, 'lock', '0.0'), '');
  for (const args of [1, 2].map(() => ['--data', dataDirectory, ...testOptions])) {
    const server = new ServerProcess({ args });
    expect([await server.exited, server.endedBy]).toEqual([1, null]);
    expect(server.stderr).toContain('Restore a backup');
  }
});

test('one that is whole is opened after a crash', async () => {
  const store = await open('badly');
  expect(store.messages.after(rootRoomId, null, 9_999)).toHaveLength(500);
  await store.close();
});
