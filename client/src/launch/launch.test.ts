import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronArguments, electronProgram } from './electronProgram.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-electron-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('Electron is where its package says, once it is installed', async () => {
  expect(electronProgram(folder, {})).toBeNull();
  await writeFile(join(folder, 'path.txt'), 'electron');
  expect(electronProgram(folder, {})).toBeNull();
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist', 'electron'), '');
  expect(electronProgram(folder, {})).toBe(join(folder, 'dist', 'electron'));
});

test('Electron may be somewhere else', async () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'own') };
  expect(electronProgram(folder, env)).toBeNull();
  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'path.txt'), 'electron');
  await writeFile(join(folder, 'own', 'electron'), '');
  expect(electronProgram(folder, env)).toBe(join(folder, 'own', 'electron'));
});

test('Electron is told of profile and link', () => {
  expect(electronArguments('/client', {}, undefined)).toEqual(['/client']);
  expect(electronArguments('/client', { profile: '/a b' }, 'rookery://x/?invite=y')).toEqual([
    '/client',
    '--profile=/a b',
    'rookery://x/?invite=y',
  ]);
});
