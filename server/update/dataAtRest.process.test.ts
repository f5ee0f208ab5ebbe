import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Backups } from '../admin/backups.js';
import { controlLimits } from '../limits.js';
import { backupUnderWay } from '../store/backupMark.js';
import { livingHolder, openDataDirectory } from '../store/dataDirectory.js';
import { openStore } from '../store/store.js';
import { LoopbackRelease, makeInstallation } from '../testing/loopbackRelease.js';
import { startDataCommand, startUpdate } from '../testing/updateProcess.js';
import { untilNoBackup } from './dataAtRest.js';

const log = pino({ level: 'silent' });
let directory = '';
let root = '';
let data = '';
let release: LoopbackRelease;
let processes: ChildProcess[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-at-rest-'));
  [root, data] = [join(directory, 'installation'), join(directory, 'data')];
  processes = [];
  makeInstallation(root, '1.0.0');
  release = await LoopbackRelease.open(root);
  release.publish('1.1.0');
  const held = openDataDirectory(data);
  await (await openStore({ dataDirectory: data, limits: controlLimits.store, log })).close();
  held.close();
});

afterEach(async () => {
  for (const one of processes) one.kill('SIGKILL');
  await release.close();
  rmSync(directory, { recursive: true });
});

/** Among the uploads of a folder: whoever copies them waits there until it is let go on. */
function placeObstacle(folder: string): () => Promise<void> {
  const pipe = join(folder, 'uploads', 'ab', 'obstacle');
  rmSync(pipe, { force: true });
  mkdirSync(join(folder, 'uploads', 'ab'), { recursive: true });
  execFileSync('mkfifo', [pipe]);
  return () => writeFile(pipe, '');
}

function run(child: ChildProcess): ChildProcess {
  processes.push(child);
  return child;
}

interface RunningUpdate {
  readonly child: ChildProcess;
  readonly told: () => string;
}

function update(...options: string[]): RunningUpdate {
  let told = '';
  const child = run(startUpdate({ directory, release, options }));
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (told += text));
  }
  return { child, told: () => told };
}

const patient = { timeout: 30_000 };
const codeOf = async (child: ChildProcess): Promise<unknown> =>
  child.exitCode ?? (await once(child, 'close'))[0];
const current = (): string => readlinkSync(join(root, 'current'));

async function backUpUntilObstacle(): Promise<{ backup: ChildProcess; goOn: () => Promise<void> }> {
  const goOn = placeObstacle(data);
  const out = join(directory, 'monday');
  const backup = run(startDataCommand('backup', '--data', data, '--out', out));
  await expect.poll(() => backupUnderWay(data), patient).toEqual({ processId: backup.pid, out });
  return { backup, goOn };
}

describe('while a backup is made', () => {
  test('an update waits for it before it changes anything', async () => {
    const { backup, goOn } = await backUpUntilObstacle();
    const { child, told } = update();
    await expect.poll(told, patient).toContain(`Waiting until the backup to ${directory}/monday`);
    expect(told()).toContain(`process ${backup.pid}`);
    expect(current()).toBe('versions/1.0.0');
    await goOn();
    expect([await codeOf(backup), await codeOf(child)]).toEqual([0, 0]);
    expect(current()).toBe('versions/1.1.0');
    expect(told().match(/Waiting until the backup/g)).toHaveLength(1);
    expect(readdirSync(join(data, 'lock'))).toEqual([]);

    const again = placeObstacle(data);
    const second = run(startDataCommand('backup', '--data', data, '--out', `${directory}/tuesday`));
    await expect.poll(() => backupUnderWay(data)?.processId, patient).toBe(second.pid);
    const back = update('--rollback');
    await expect.poll(back.told, patient).toContain('tuesday');
    expect(current()).toBe('versions/1.1.0');
    await again();
    expect([await codeOf(second), await codeOf(back.child)]).toEqual([0, 0]);
    expect(current()).toBe('versions/1.0.0');
  });

  test('an update that waits can be given up', async () => {
    await backUpUntilObstacle();
    const { child, told } = update();
    await expect.poll(told, patient).toContain('Waiting until the backup');
    child.kill('SIGINT');
    expect(await codeOf(child)).toBe(130);
    expect(told()).toContain('given up, and nothing was changed');
    expect(readdirSync(join(root, 'versions'))).toEqual(['1.0.0']);
  });

  test('one that was killed is waited for by nobody', async () => {
    const { backup } = await backUpUntilObstacle();
    backup.kill('SIGKILL');
    await codeOf(backup);
    const { child, told } = update();
    expect(await codeOf(child)).toBe(0);
    expect(told()).not.toContain('Waiting until the backup');
    const held = openDataDirectory(data);
    expect([held.ended, readdirSync(join(data, 'lock')).length]).toEqual(['well', 1]);
    held.close();
  });

  test('one that does not end is waited for only so long', async () => {
    const { backup } = await backUpUntilObstacle();
    const limits = { backupMsMax: 0, backupIntervalMs: 1 };
    const { code, message } = (await untilNoBackup(data, limits, () => undefined).catch(
      (error: unknown) => error,
    )) as { code: string; message: string };
    expect(code).toBe('dataInUse');
    expect(message).toContain(`kill ${backup.pid}`);
  });

  test('one that the server makes beside itself is seen, too', async () => {
    const goOn = placeObstacle(data);
    const backups = new Backups(data, log);
    onTestFinished(() => backups.close());
    backups.start('monday');
    await expect
      .poll(() => backupUnderWay(data)?.out, patient)
      .toBe(join(data, 'backups', 'monday'));
    await goOn();
    await expect.poll(() => backups.running?.phase, patient).toBe('done');
    expect(backupUnderWay(data)).toBeNull();
  });
});

describe('while a restore is made', () => {
  test('an update is refused, fetches nothing, and is done afterwards', async () => {
    const monday = join(directory, 'monday');
    const made = run(startDataCommand('backup', '--data', data, '--out', monday));
    expect(await codeOf(made)).toBe(0);
    rmSync(data, { recursive: true });
    const goOn = placeObstacle(monday);
    const restore = run(startDataCommand('restore', '--data', data, '--from', monday));
    await expect
      .poll(() => livingHolder(data), patient)
      .toEqual({ processId: restore.pid, work: 'restore' });
    expect(() => openDataDirectory(data)).toThrow(`A restore to ${data} is under way`);

    const refused = update();
    expect(await codeOf(refused.child)).toBe(1);
    expect(refused.told()).toContain(`A restore to ${data} is under way (process ${restore.pid})`);
    expect(refused.told()).not.toContain('Fetching');
    expect(current()).toBe('versions/1.0.0');
    expect(existsSync(join(root, 'update', 'journal.json'))).toBe(false);

    await goOn();
    expect(await codeOf(restore)).toBe(0);
    expect(await codeOf(update().child)).toBe(0);
    expect(current()).toBe('versions/1.1.0');
  });
});
