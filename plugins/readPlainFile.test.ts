import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlainFile } from './readPlainFile.js';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-files-'));
  writeFileSync(file('whole'), 'abc');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('reads a file that is not too long', async () => {
  expect(Buffer.from(await readPlainFile(file('whole'), 3)).toString()).toBe('abc');
  await expect(readPlainFile(file('whole'), 2)).rejects.toMatchObject({ code: 'tooLarge' });
  await expect(readPlainFile(file('none'), 3)).rejects.toMatchObject({ code: 'ENOENT' });
});

// Windows has neither for whoever is no administrator.
test.skipIf(process.platform === 'win32')('reads no link, and waits for no pipe', async () => {
  symlinkSync(file('whole'), file('link'));
  symlinkSync('/dev/zero', file('endless'));
  execFileSync('mkfifo', [file('pipe')]);
  for (const name of ['link', 'endless', 'pipe', '.']) {
    const reading = readPlainFile(file(name), 3);
    await expect(reading).rejects.toMatchObject({ name: 'PluginError', code: 'badFolder' });
  }
});
