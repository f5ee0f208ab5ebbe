import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileWatch } from './fileWatch.js';

let folder = '';
let watch: FileWatch;
let told = 0;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-watch-'));
  told = 0;
  writeFileSync(at('one'), '1');
  writeFileSync(at('two'), '1');
  // It is looked by hand.
  watch = new FileWatch([at('one'), at('two')], 1_000_000, () => told++);
});

afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

function look(times: number): number {
  for (let time = 0; time < times; time++) watch.look();
  return told;
}

test('tells nothing of files that stay as they are', () => {
  expect(look(3)).toBe(0);
});

test('tells once of a change, when it has come to rest', () => {
  writeFileSync(at('one'), '22');
  expect(look(1)).toBe(0);
  writeFileSync(at('two'), '333');
  expect(look(1)).toBe(0);
  expect(look(3)).toBe(1);
});

test('sees a file that another takes the place of, also behind a link', () => {
  writeFileSync(at('next'), '1');
  renameSync(at('next'), at('one'));
  expect(look(2)).toBe(1);
  symlinkSync(at('two'), at('link'));
  renameSync(at('link'), at('one'));
  expect(look(2)).toBe(2);
});

test('tells of a file that is gone, and of one that is there again', () => {
  rmSync(at('two'));
  expect(look(2)).toBe(1);
  writeFileSync(at('two'), '1');
  expect(look(2)).toBe(2);
});
