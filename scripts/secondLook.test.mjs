import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesToRepeat } from './secondLook.mjs';

const program = fileURLToPath(new URL('./secondLook.mjs', import.meta.url));

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rookery-look-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Looks at a suite whose runs print these, one after another, and fail where they say so. */
function look(...outputs) {
  outputs.forEach((output, i) => writeFileSync(join(folder, `${i}`), output));
  const suite = `
    const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    let i = 0;
    while (existsSync('args' + i)) i += 1;
    writeFileSync('args' + i, process.argv.slice(1).join(' '));
    const output = readFileSync(String(i), 'utf8');
    console.log(output);
    process.exit(/ 0 failed/.test(output) ? 0 : 1);`;
  const { status, stdout } = spawnSync(
    process.execPath,
    [program, process.execPath, '-e', suite, 'all'],
    { cwd: folder, encoding: 'utf8' },
  );
  const runs = outputs.map((_, i) => join(folder, `args${i}`));
  const args = runs.filter(existsSync).map((path) => readFileSync(path, 'utf8'));
  return { status, closing: stdout.trimEnd().split('\n').at(-1), stdout, args };
}

const failedOnce = 'failed: client/dist/src/a.test.js > sound > is heard\n9 passed, 1 failed';

describe('a second look', () => {
  test('is not taken where all went well', () => {
    expect(look('10 passed, 0 failed')).toMatchObject({ status: 0, args: ['all'] });
  });

  test('names who passes alone, and fails all the same', () => {
    const { status, closing, stdout, args } = look(failedOnce, '3 passed, 0 failed');
    expect({ status, closing }).toEqual({ status: 1, closing: '9 passed, 1 failed' });
    expect(args).toEqual(['all', 'all client/dist/src/a.test.js --maxWorkers=1']);
    expect(stdout).toContain('unsteady: client/dist/src/a.test.js');
  });

  test('calls nobody unsteady who fails twice', () => {
    const { status, closing, stdout } = look(failedOnce, '2 passed, 1 failed');
    expect({ status, closing }).toEqual({ status: 1, closing: '9 passed, 1 failed' });
    expect(stdout).not.toContain('unsteady');
  });

  test('is for few files, each once', () => {
    const lines = (...names) => names.map((name) => `failed: ${name}.test.js > t\n`).join('');
    expect(filesToRepeat(`${lines('a', 'a', 'b')}1 passed, 3 failed`)).toEqual([
      'a.test.js',
      'b.test.js',
    ]);
    expect(filesToRepeat(`${lines('a', 'b', 'c', 'd')}1 passed, 4 failed`)).toEqual([]);
  });

  test('is not for what no file is named for', () => {
    expect(filesToRepeat('failed: a.test.js > t\n1 passed, 2 failed')).toEqual([]);
    expect(filesToRepeat('the tests did not come to an end')).toEqual([]);
  });
});
