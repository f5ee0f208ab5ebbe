import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { releaseKey } from '@rookery/schemas/testing/signedRelease';
import { freePort } from '@rookery/transport/testing/freePort';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CraftedEntry } from '../testing/craftedArchive.js';
import { makeServerTree } from '../testing/installedServer.js';
import { LoopbackRelease, tinyRelease } from '../testing/loopbackRelease.js';
import { UnitRunner } from '../testing/unitRunner.js';

let directory = '';
let root = '';
let data = '';
let settings = '';
let adminPort = 0;
let release: LoopbackRelease;
let unit: UnitRunner;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-unjudged-'));
  root = join(directory, 'installation');
  data = join(directory, 'data');
  settings = join(directory, 'rookery.toml');
  mkdirSync(join(root, 'versions'), { recursive: true });
  makeServerTree(join(root, 'versions', '1.0.0'), '1.0.0');
  makeServerTree(join(directory, 'next'), '1.1.0');
  adminPort = await freePort();
  const ports = `port = 0\nvoice-port = 0\nadmin-port = ${adminPort}\n`;
  writeFileSync(settings, `data = "${data}"\nhost = "127.0.0.1"\n${ports}`);
  symlinkSync('versions/1.0.0', join(root, 'current'));
  release = await LoopbackRelease.open(root);
});

beforeEach(() => {
  unit = new UnitRunner({
    '@HOME@': join(root, 'current'),
    '/opt/rookery': root,
    '/etc/rookery/rookery.toml': settings,
  });
  return () => unit.kill();
});

afterAll(async () => {
  await release.close();
  rmSync(directory, { recursive: true });
});

/** A release that can be tried, with a program that does what is given once it is to serve. */
function releaseOf(schemaVersion: number, program: string): readonly CraftedEntry[] {
  return [
    ...tinyRelease('1.1.0', schemaVersion),
    { path: 'top/bin/node', content: `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, mode: 0o755 },
    { path: 'top/bin/rookery.mjs', content: program },
  ];
}

/** Updates; the power goes at the moment at which the new version is to be started. */
async function updateUntilPowerCut(healthSeconds: number): Promise<void> {
  const program = join(root, 'current', 'bin', 'rookery.mjs');
  const options = [
    ...['--config', settings, '--update-url', release.url, '--update-key', releaseKey],
    ...['--restart-command', 'kill -9 $PPID', '--health-seconds', String(healthSeconds)],
  ];
  const updater = spawn(process.execPath, [program, 'update', ...options], { stdio: 'ignore' });
  const [, signal] = (await once(updater, 'exit')) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
  expect(readlinkSync(join(root, 'current'))).toBe('versions/1.1.0');
  await unit.kill();
}

async function versionThatServes(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/stats`);
  return ((await answer.json()) as { version: string }).version;
}

/** Says what the service said where it does not serve. */
async function untilServed(version: string): Promise<void> {
  try {
    await expect.poll(versionThatServes, { timeout: 30_000 }).toBe(version);
  } catch (error) {
    throw new Error(`no server: ${unit.output}`, { cause: error });
  }
}

function expectSettled(): void {
  expect(existsSync(join(root, 'update', 'journal.json'))).toBe(false);
  expect(existsSync(join(root, 'judge'))).toBe(false);
}

const makeData = `
  import { mkdirSync } from 'node:fs';
  mkdirSync(${JSON.stringify('DATA/database-2')}, { recursive: true });
`;

test.each([
  ['fails at once', 'process.exit(1);'],
  ['ends well at once', 'process.exit(0);'],
  ['hangs', 'setInterval(() => undefined, 1_000);'],
  ['fails once it has migrated the data', `${makeData} process.exit(1);`],
])(
  'after a power cut a new version that %s gives way to the one before',
  async (_how, program) => {
    await unit.start();
    expect(unit.starts).toBe(1);
    await untilServed('1.0.0');
    const schemaVersion = program.includes(makeData) ? 2 : 1;
    const text = program.replace('DATA', data);
    release.publish('1.1.0', { schemaVersion, entries: releaseOf(schemaVersion, text) });
    await updateUntilPowerCut(2);

    await unit.start();
    expect(await versionThatServes(), unit.output).toBe('1.0.0');
    expect(unit.output).toContain('the update was undone');
    expect(readlinkSync(join(root, 'current'))).toBe('versions/1.0.0');
    expect(readdirSync(join(root, 'versions'))).toEqual(['1.0.0']);
    expect(readdirSync(data).filter((name) => /^database-\d+$/.test(name))).toEqual(['database-1']);
    expectSettled();
  },
  60_000,
);

test('after a power cut a new version that is healthy stays', async () => {
  await unit.start();
  await untilServed('1.0.0');
  const next = pathToFileURL(join(directory, 'next/bin/rookery.mjs')).href;
  const text = `process.argv[1] = ${JSON.stringify(join(directory, 'next/bin/rookery.mjs'))};
    await import(${JSON.stringify(next)});`;
  release.publish('1.1.0', { entries: releaseOf(1, text) });
  await updateUntilPowerCut(60);

  await unit.start();
  expect(await versionThatServes(), unit.output).toBe('1.1.0');
  expect(unit.output).toContain('Version 1.1.0 is healthy, and the update finished');
  expect(readlinkSync(join(root, 'previous'))).toBe('versions/1.0.0');
  expectSettled();
  // From now on a start is one as any other.
  await unit.kill();
  unit.output = '';
  await unit.start();
  expect(unit.output).not.toContain('cut short');
}, 120_000);
