import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoopbackRelease, makeInstallation } from '../testing/loopbackRelease.js';
import { startUpdate } from '../testing/updateProcess.js';

const killHook = fileURLToPath(new URL('../testing/killHook.js', import.meta.url));

let directory = '';
let root = '';
let release: LoopbackRelease;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-power-cut-'));
  root = join(directory, 'installation');
  makeInstallation(root, '1.0.0');
  release = await LoopbackRelease.open(root);
  release.publish('1.1.0');
});

afterEach(async () => {
  await release.close();
  rmSync(directory, { recursive: true });
});

/** @param killAt before which rename it is killed; 0: never @returns how it ended */
async function update(killAt: number): Promise<number | NodeJS.Signals> {
  const child = startUpdate({
    ...{ directory, release },
    nodeArgs: ['--import', killHook],
    variables: { KILL_AT: String(killAt) },
  });
  child.stdout!.resume();
  child.stderr!.resume();
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? code!;
}

/** What would start after the power came back. @returns its version */
function whatRuns(): string {
  const folder = join(root, readlinkSync(join(root, 'current')));
  expect(statSync(join(folder, 'bin/rookery')).mode & 0o111).not.toBe(0);
  return (JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')) as { version: string })
    .version;
}

function expectTidy(): void {
  expect(readdirSync(join(root, 'update')).sort()).toEqual(['accepted.json', 'lock']);
  expect(readdirSync(root).filter((name) => /\.new$|^judge$/.test(name))).toEqual([]);
  expect(readdirSync(join(root, 'versions')).filter((name) => /unfinished/.test(name))).toEqual([]);
}

// Each rename is a step that counts: of what was accepted, of the journal, of a folder, of a link.
test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])(
  'killed before rename %i, an update leaves a whole version, and the next run finishes',
  async (killAt) => {
    expect(await update(killAt)).toBe('SIGKILL');
    expect(['1.0.0', '1.1.0']).toContain(whatRuns());
    expect(await update(0)).toBe(0);
    expect(whatRuns()).toBe('1.1.0');
    expect(readlinkSync(join(root, 'previous'))).toBe('versions/1.0.0');
    expectTidy();
  },
);

test('no rename of an update is left out above', async () => {
  expect(await update(12)).toBe(0);
});

test.each([11, 12])('killed before rename %i, undoing is gone on with', async (killAt) => {
  release.sick.add('1.1.0');
  expect(await update(killAt)).toBe('SIGKILL');
  expect(['1.0.0', '1.1.0']).toContain(whatRuns());
  // It is undone, and then tried and undone once more.
  expect(await update(0)).toBe(1);
  expect(whatRuns()).toBe('1.0.0');
  expectTidy();
});
