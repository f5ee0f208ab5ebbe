import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoopbackRelease, makeInstallation } from '../testing/loopbackRelease.js';
import { startUpdate } from '../testing/updateProcess.js';

let directory = '';
let root = '';
let release: LoopbackRelease;
let update: ChildProcess;
let told = '';

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-signals-'));
  root = join(directory, 'installation');
  makeInstallation(root, '1.0.0');
  release = await LoopbackRelease.open(root);
  release.publish('1.1.0');
});

afterEach(async () => {
  update.kill('SIGKILL');
  await release.close();
  rmSync(directory, { recursive: true });
});

function start(healthSeconds: number): void {
  told = '';
  update = startUpdate({ directory, release, healthSeconds });
  for (const stream of [update.stdout!, update.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (told += text));
  }
}

const untilTold = (words: string): Promise<void> =>
  expect.poll(() => told, { timeout: 30_000 }).toContain(words);
const current = (): string => readlinkSync(join(root, 'current'));
const isUnderWay = (): boolean => existsSync(join(root, 'update', 'journal.json'));

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s before the switch ends an update, and takes away what it had begun',
  async (signal) => {
    release.withheld.add('rookery-server-1.1.0.tar.gz');
    start(1);
    await untilTold('Fetching');
    update.kill(signal);
    expect((await once(update, 'close'))[0]).toBe(130);
    expect(told).toContain('was given up, and nothing was changed');
    expect(current()).toBe('versions/1.0.0');
    expect(readdirSync(join(root, 'update')).sort()).toEqual(['accepted.json', 'lock']);
    expect(readdirSync(join(root, 'update', 'lock'))).toEqual([]);
  },
);

test('a terminal that is closed does not keep a version from being judged', async () => {
  release.sick.add('1.1.0');
  start(3);
  await untilTold('Waiting until it is healthy');
  update.stdout!.destroy();
  update.stderr!.destroy();
  update.kill('SIGHUP');
  expect((await once(update, 'exit'))[0]).toBe(1);
  expect(current()).toBe('versions/1.0.0');
  expect(isUnderWay()).toBe(false);
});

test('who asks twice while it is judged ends it, and the next one judges', async () => {
  release.sick.add('1.1.0');
  start(60);
  await untilTold('Waiting until it is healthy');
  update.kill('SIGINT');
  await untilTold('once more ends it');
  update.kill('SIGINT');
  expect((await once(update, 'close'))[0]).toBe(130);
  expect(current()).toBe('versions/1.1.0');
  expect(isUnderWay()).toBe(true);
  release.sick.clear();
  start(1);
  expect((await once(update, 'close'))[0]).toBe(0);
  expect(told).toContain('What was cut short is finished now');
  expect(isUnderWay()).toBe(false);
});
