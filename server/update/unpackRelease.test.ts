import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { craftArchive, craftTar, type CraftedEntry } from '../testing/craftedArchive.js';
import { updateLimits } from '../updateLimits.js';
import { TarEntries, TarRefusal } from './tarEntries.js';
import { unpackRelease } from './unpackRelease.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-unpack-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function unpack(archive: Uint8Array, limits = updateLimits): Promise<void> {
  writeFileSync(join(directory, 'archive'), archive);
  return unpackRelease(join(directory, 'archive'), join(directory, 'out'), limits);
}

const entries: readonly CraftedEntry[] = [
  { path: 'top/', type: '5' },
  { path: 'top/long', content: 'x'.repeat(1_000) },
  { path: 'p', type: 'x', content: '30 path=top/deep/er/unlike it\n' },
  { path: 'long', content: 'run', mode: 0o4777 },
];

test('what is packed is unpacked, without the folder around it and without odd modes', async () => {
  await unpack(craftArchive(entries));
  expect(readFileSync(join(directory, 'out/long'), 'utf8')).toBe('x'.repeat(1_000));
  const { mode } = statSync(join(directory, 'out/deep/er/unlike it'));
  expect(mode & 0o7777).toBe(0o755);
});

describe('is refused', () => {
  test('what unpacks to more than is allowed', async () => {
    const small = { ...updateLimits, unpackedBytesMax: 999 };
    await expect(unpack(craftArchive(entries), small)).rejects.toThrow('is too large');
  });

  test('what holds more files than are allowed', async () => {
    const few = { ...updateLimits, filesMax: 1 };
    await expect(unpack(craftArchive(entries), few)).rejects.toThrow('too many files');
  });

  test('what is cut short', async () => {
    const tar = craftTar(entries);
    await expect(unpack(gzipSync(tar.subarray(0, -1_024)))).rejects.toThrow('is cut short');
    rmSync(join(directory, 'out'), { recursive: true });
    await expect(unpack(craftArchive(entries).subarray(0, 100))).rejects.toThrow('is damaged');
  });

  test('what is no archive at all', async () => {
    await expect(unpack(Buffer.from('no archive'))).rejects.toThrow('is damaged');
  });
});

test('damaged bytes never give anything but entries or a refusal', () => {
  const tar = craftTar(entries);
  for (let at = 0; at < tar.length; at += 7) {
    const damaged = Buffer.from(tar);
    damaged[at] = damaged[at]! ^ 0xff;
    const reader = new TarEntries();
    try {
      reader.push(damaged);
      reader.end();
    } catch (error) {
      expect(error, `byte ${at}`).toBeInstanceOf(TarRefusal);
    }
  }
});

test('it does not matter in which pieces the bytes come', () => {
  const tar = craftTar(entries.filter(({ type }) => type !== 'x'));
  const textOf = (step: number): string => {
    const reader = new TarEntries();
    let text = '';
    for (let at = 0; at < tar.length; at += step) {
      for (const piece of reader.push(tar.subarray(at, at + step))) {
        text += piece.kind === 'bytes' ? Buffer.from(piece.bytes).toString() : `\n${piece.path}:`;
      }
    }
    reader.end();
    return text;
  };
  expect(textOf(1)).toBe(textOf(tar.length));
  expect(textOf(511)).toBe(textOf(tar.length));
});
