import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDirectory } from '../store/dataDirectory.js';
import { makeInstallation } from '../testing/loopbackRelease.js';
import { Installation } from './installation.js';
import { hasServedLong, noteService } from './servedNote.js';
import { settleUpdate, type SettleMoment } from './settleUpdate.js';
import { UpdateJournal, type UpdatePhase } from './updateJournal.js';

let root = '';
let installation: Installation;
let journal: UpdateJournal;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rookery-settle-'));
  for (const version of ['1.0.0', '1.2.0', '1.1.0']) {
    rmSync(join(root, 'current'), { force: true });
    makeInstallation(root, version);
  }
  installation = new Installation(root);
  installation.point('judge', '1.0.0');
  mkdirSync(installation.workFolder);
  journal = new UpdateJournal(installation.workFolder);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(phase: UpdatePhase, starts: number): void {
  journal.write({
    ...{ format: 1, phase, from: '1.0.0', to: '1.1.0', schemaVersion: 1, mayPutDataAside: false },
    ...{ supervisorPid: null, service: true, healthMsMax: 1, starts, reason: '' },
  });
}

function settle(moment: SettleMoment): Promise<boolean> {
  const dataDirectory = join(root, 'data');
  const about = { installation, dataDirectory, adminPort: 1, mainPid: null };
  return settleUpdate(moment, { ...about, onStep: () => undefined });
}

const current = (): string => readlinkSync(join(root, 'current'));

test('each start without a verdict counts, and the last is of the version before', async () => {
  write('restarting', 0);
  for (const starts of [1, 2]) {
    await settle('before');
    expect(journal.read()).toMatchObject({ phase: 'restarting', starts });
    expect(current()).toBe('versions/1.1.0');
  }
  await settle('before');
  expect(journal.read()).toMatchObject({ phase: 'undoing', starts: 2 });
  expect(current()).toBe('versions/1.0.0');
});

test('what is not healthy has its start fail, until the one before is started', async () => {
  write('restarting', 1);
  expect(await settle('after')).toBe(false);
  expect(current()).toBe('versions/1.1.0');
  await settle('before');
  expect(await settle('after')).toBe(false);
  expect(current()).toBe('versions/1.0.0');
});

test('a switch that was cut short is done before the start', async () => {
  installation.point('current', '1.0.0');
  write('switching', 0);
  await settle('before');
  expect(current()).toBe('versions/1.1.0');
  expect(journal.read()).toMatchObject({ phase: 'restarting', starts: 1 });
});

test('what was installed since by hand is not gone back from', async () => {
  write('restarting', 2);
  installation.point('current', '1.2.0');
  expect(await settle('before')).toBe(true);
  expect(current()).toBe('versions/1.2.0');
  expect(journal.read()).toBeNull();
  expect(existsSync(join(root, 'judge'))).toBe(false);
});

test('while an update runs, that one judges', async () => {
  write('restarting', 2);
  const update = openDataDirectory(installation.workFolder);
  for (const moment of ['before', 'after'] as const) expect(await settle(moment)).toBe(true);
  update.close();
  expect(journal.read()).toMatchObject({ starts: 2 });
  expect(current()).toBe('versions/1.1.0');
});

test('a version that served for long is good, whatever keeps it from starting', async () => {
  const data = join(root, 'data');
  mkdirSync(data);
  write('restarting', 2);
  const { version } = installation.infoOf('1.1.0');
  noteService(data, version, { afterMs: 0, log: pino({ level: 'silent' }) });
  await expect.poll(() => hasServedLong(data, version)).toBe(true);
  await settle('before');
  expect(current()).toBe('versions/1.1.0');
  expect(journal.read()).toBeNull();
  expect(readlinkSync(join(root, 'previous'))).toBe('versions/1.0.0');
});

test('what served for long before the switch is not what comes after it', async () => {
  const data = join(root, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'served.json'), '{"version":"1.1.0"}');
  write('switching', 0);
  await settle('before');
  for (let start = 0; start < 2; start++) await settle('before');
  expect(journal.read()).toMatchObject({ phase: 'undoing' });
});

test.each([
  ['1970, and data of now', 0, Date.now() / 1_000],
  ['now, and data of tomorrow', Date.now() / 1_000, Date.now() / 1_000 + 86_400],
])('a journal of %s say nothing of how long a version served', async (_what, began, wrote) => {
  const database = join(root, 'data', 'database-1');
  mkdirSync(database, { recursive: true });
  const file = join(database, 'data.mdb');
  writeFileSync(file, '');
  write('restarting', 2);
  utimesSync(join(installation.workFolder, 'journal.json'), began, began);
  utimesSync(file, wrote, wrote);
  await settle('before');
  expect(journal.read()).toMatchObject({ phase: 'undoing' });
  expect(current()).toBe('versions/1.0.0');
});
