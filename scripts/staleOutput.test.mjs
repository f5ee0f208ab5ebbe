import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeStaleOutput } from './staleOutput.mjs';

let workspace;
beforeEach(() => (workspace = mkdtempSync(join(tmpdir(), 'rookery-stale-'))));
afterEach(() => rmSync(workspace, { recursive: true }));

function touch(...paths) {
  for (const path of paths) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), '');
  }
}
const compiled = (stem) =>
  ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) => `dist/${stem}${end}`);

test('removes all that was compiled from a source that is gone', () => {
  touch('state/room.ts', ...compiled('state/room'), ...compiled('state/old.test'));
  expect(removeStaleOutput(workspace)).toEqual(['state/old.test.ts']);
  for (const path of compiled('state/old.test'))
    expect(existsSync(join(workspace, path))).toBe(false);
  for (const path of compiled('state/room')) expect(existsSync(join(workspace, path))).toBe(true);
});

test('leaves files that the compiler did not make', () => {
  touch('dist/page/index.html', 'dist/page/app.js', 'dist/.tsbuildinfo');
  expect(removeStaleOutput(workspace)).toEqual([]);
  expect(existsSync(join(workspace, 'dist/page/app.js'))).toBe(true);
});

test('has nothing to do before the first build', () => {
  expect(removeStaleOutput(workspace)).toEqual([]);
});
