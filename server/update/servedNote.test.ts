import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer } from '../testing/testServer.js';
import { serverVersion } from '../version.js';
import { forgetService, hasServedLong } from './servedNote.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-served-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a server that served for as long as it takes writes that down, for its version', async () => {
  const server = await startTestServer({ dataDirectory: directory }, { settledByUseMs: 1 });
  await expect.poll(() => hasServedLong(directory, serverVersion)).toBe(true);
  await server.close();
  expect(hasServedLong(directory, '0.0.0')).toBe(false);
  forgetService(directory);
  expect(hasServedLong(directory, serverVersion)).toBe(false);
});

test('one that is stopped before does not', async () => {
  await (await startTestServer({ dataDirectory: directory })).close();
  expect(hasServedLong(directory, serverVersion)).toBe(false);
});

test('what is no note says nothing', () => {
  for (const text of ['', '{', 'null', '{"version":1}']) {
    writeFileSync(join(directory, 'served.json'), text);
    expect(hasServedLong(directory, '1.0.0')).toBe(false);
  }
});
