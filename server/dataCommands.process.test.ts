import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { runDataCommand } from './dataCommands.js';
import { controlLimits } from './limits.js';
import { databasePath } from './store/migrate.js';
import { openStore, type Store } from './store/store.js';
import { testOptions, ServerProcess } from './testing/serverProcess.js';
import { damageFile } from './testing/damage.js';

let parent: string;
let data: string;
let said: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'rookery-data-commands-'));
  data = join(parent, 'data');
  said = '';
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

async function run(...argv: string[]): Promise<number> {
  said = '';
  const note = (text: string): void => void (said += text);
  return runDataCommand(argv, {}, { out: note, err: note });
}

async function open(path: string): Promise<Store> {
  const log = pino({ level: 'silent' });
  return openStore({ dataDirectory: path, limits: controlLimits.store, log });
}

async function fill(store: Store, messages: number): Promise<void> {
  const message = { roomId: rootRoomId, userId: newUuid(), displayName: 'Ada', sentAtMs: 1 };
  await Promise.all(
    Array.from({ length: messages }, (_, index) =>
      store.messages.append({ ...message, text: `${index}`, clientMessageId: newUuid() }),
    ),
  );
}

async function makeData(messages: number): Promise<void> {
  const store = await open(data);
  await fill(store, messages);
  await store.close();
}

async function textsIn(path: string): Promise<string[]> {
  const store = await open(path);
  const texts = store.messages.after(rootRoomId, null, 9_999).map(({ text }) => text);
  await store.close();
  return texts;
}

const counted = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

describe('a backup', () => {
  test('beside a running server holds its identity, and a server starts from it', async () => {
    const server = new ServerProcess({ args: ['--json', '--data', data, ...testOptions] });
    const { fingerprint } = await server.started();
    const out = join(parent, 'backup');
    expect([await run('backup', '--data', data, '--out', out), said]).toEqual([
      0,
      expect.stringContaining(out),
    ]);
    expect(statSync(out).mode & 0o777).toBe(0o700);
    expect(existsSync(join(out, 'lock'))).toBe(false);
    server.kill('SIGKILL');
    await server.exited;
    const restored = join(parent, 'restored');
    expect(await run('restore', '--from', out, '--data', restored)).toBe(0);
    const again = new ServerProcess({ args: ['--json', '--data', restored, ...testOptions] });
    expect((await again.started()).fingerprint).toBe(fingerprint);
    again.kill('SIGTERM');
    expect(await again.exited).toBe(0);
  });

  test('of a store that is written to meanwhile is sound', async () => {
    const store = await open(data);
    const stop = new AbortController();
    const writing = (async () => {
      while (!stop.signal.aborted) await fill(store, 20);
    })();
    for (let round = 0; round < 3; round++) {
      const code = await run('backup', '--data', data, '--out', join(parent, `backup ${round}`));
      expect([code, said]).toEqual([0, expect.stringContaining('was read through')]);
      expect([await run('check', '--data', data), said]).toEqual([
        0,
        expect.stringContaining('No damage'),
      ]);
    }
    stop.abort();
    await writing;
    await store.close();
  });

  test('is restored as it was, and never over what is there', async () => {
    await makeData(50);
    const out = join(parent, 'backup');
    expect(await run('backup', '--data', data, '--out', out)).toBe(0);
    expect(await run('restore', '--from', out, '--data', data)).toBe(1);
    expect(said).toContain('already');
    const restored = join(parent, 'restored');
    expect(await run('restore', '--from', out, '--data', restored)).toBe(0);
    expect(await textsIn(restored)).toEqual(counted(50));
    expect(readdirSync(join(restored, 'lock'))).toEqual([]);
  });

  test('is not written over another, nor of nothing', async () => {
    await makeData(1);
    expect(await run('backup', '--data', data, '--out', parent)).toBe(1);
    expect(said).toContain('exists already');
    const out = join(parent, 'backup');
    expect(await run('backup', '--data', join(parent, 'absent'), '--out', out)).toBe(1);
    expect(said).toContain('no database');
    expect(existsSync(out)).toBe(false);
  });

  test('is not restored where a server runs', async () => {
    const server = new ServerProcess({ args: ['--json', '--data', data, ...testOptions] });
    await server.started();
    await run('backup', '--data', data, '--out', join(parent, 'backup'));
    expect(await run('restore', '--from', join(parent, 'backup'), '--data', data)).toBe(1);
    expect(said).toContain('in use');
    server.kill('SIGKILL');
    await server.exited;
  });
});

describe('a check', () => {
  test('counts what there is', async () => {
    await makeData(2_500);
    expect(await run('check', '--data', data)).toBe(0);
    expect(said).toMatch(/messages +2500\n.*clientMessages +2500\n.*No damage/s);
    expect(said).toMatch(/rooms +1\n/);
  });

  test('finds damage or reads a whole database, and never breaks off itself', async () => {
    await makeData(400);
    const file = join(databasePath(data, 1), 'data.mdb');
    const whole = readFileSync(file);
    let found = 0;
    for (let seed = 1; seed <= 12; seed++) {
      damageFile(file, whole, new SeededRandom(seed));
      const code = await run('check', '--data', data);
      expect([0, 1], `seed ${seed}: ${said}`).toContain(code);
      if (code === 0) continue;
      found += 1;
      expect(said, `seed ${seed}`).toMatch(/damaged|Cannot open/);
    }
    expect(found).toBeGreaterThan(6);
  });

  test('says which version it cannot read', async () => {
    await makeData(1);
    renameSync(databasePath(data, 1), databasePath(data, 7));
    expect(await run('check', '--data', data)).toBe(1);
    expect(said).toContain('schema version 7, not 1');
  });
});

test('wrong usage is told, with 2', async () => {
  expect(await run('backup', '--data', data)).toBe(2);
  expect(said).toContain('--out');
  expect(await run('check', '--nonsense')).toBe(2);
  expect(await run('check', '--help')).toBe(0);
  expect(said).toContain('--data <DIR>');
});
