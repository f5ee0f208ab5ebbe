import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataDiskFindings, flushFinding } from './dataDisk.js';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'rookery-disk-'));
});
afterEach(() => rmSync(data, { recursive: true }));

test('writes to the data directory and leaves nothing there', () => {
  const findings = dataDiskFindings(data);
  expect(findings.map(({ subject }) => subject)).toEqual(['disk', 'disk flush']);
  expect(findings[1]).toMatchObject({
    verdict: expect.stringMatching(/good|attention/) as string,
    text: expect.stringMatching(/^\d+\.\d ms/) as string,
  });
  expect(readdirSync(data)).toEqual([]);
});

test('a slow disk is told, with what helps', () => {
  expect(flushFinding(25)).toMatchObject({ verdict: 'good' });
  expect(flushFinding(80)).toMatchObject({
    verdict: 'attention',
    text: expect.stringContaining('SSD') as string,
  });
});

test('a data directory that cannot be written is bad, and one that is not there is made', () => {
  const file = join(data, 'file');
  writeFileSync(file, '');
  expect(dataDiskFindings(file)[1]).toMatchObject({ subject: 'disk flush', verdict: 'bad' });
  expect(dataDiskFindings(join(data, 'absent'))).toMatchObject([{ verdict: 'good' }]);
});
