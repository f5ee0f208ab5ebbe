import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programs } from '../testing/serverProcess.js';
import { installedProgram } from './installedProgram.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rookery-program-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(version: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    const file = join(root, version, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
}

const whole = ['release.json', 'bin/node', 'node_modules/@rookery/server/dist/main.js'];

test('a server is started by the link that its supervisor was started by', () => {
  install('1', ...whole);
  symlinkSync('1', join(root, 'current'));
  const { node, program } = installedProgram(join(root, 'current/bin/rookery.mjs'));
  expect(node).toBe(join(root, 'current/bin/node'));
  expect(program).toBe(join(root, 'current/node_modules/@rookery/server/dist/main.js'));
});

test.each([0, 1, 2])('where part %i of an installation is missing, its own is', (missing) => {
  install('1', ...whole.filter((_path, index) => index !== missing));
  const { node, program } = installedProgram(join(root, '1/bin/rookery.mjs'));
  expect(node).toBe(process.execPath);
  expect(program).toBe(programs.server);
});
