import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtFor, isForeign } from './builtFor.mjs';

const modules = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'node_modules');
const prebuilds = join(modules, 'sodium-native', 'prebuilds');
const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };

/** A package that brings real builds for all systems, in folders named for them. */
const builds = readdirSync(prebuilds).flatMap((system) =>
  readdirSync(join(prebuilds, system))
    .filter((name) => /\.(node|bare)$/.test(name))
    .map((name) => [`${system}/${name}`]),
);

describe('the header of a native file', () => {
  test.each(builds)('tells that of %s', (path) => {
    const [os, cpu] = path.split('/')[0].split('-');
    const bytes = readFileSync(join(prebuilds, path));
    const kernel = { android: 'linux', ios: 'darwin' }[os] ?? os;
    expect(builtFor(bytes)).toMatchObject({ os: kernel, cpu });
    expect(isForeign(bytes, linux)).toBe(`${os}-${cpu}` !== 'linux-x64');
  });

  test('tells musl from glibc', () => {
    const folder = join(modules, '@lmdb', `lmdb-${process.platform}-${process.arch}`);
    const platform = { os: process.platform, cpu: process.arch, libc: 'glibc' };
    const told = readdirSync(folder)
      .filter((name) => name.endsWith('.node'))
      .map((name) => [name, isForeign(readFileSync(join(folder, name)), platform)]);
    expect(told.length).toBeGreaterThan(1);
    for (const [name, foreign] of told) expect(foreign, name).toBe(name.includes('musl'));
  });

  test('is nothing that other files have, whole or cut short', () => {
    const library = readFileSync(join(prebuilds, 'win32-x64', 'sodium-native.node'));
    const others = ['', 'MZ', `MZ${'x'.repeat(200)}`, '#!/bin/sh\n', '\0asm'.padEnd(80)];
    for (const bytes of [...others.map((text) => Buffer.from(text)), library.subarray(0, 80)]) {
      expect(builtFor(bytes)).toBeNull();
    }
  });
});
