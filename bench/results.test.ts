import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepResult, resultTableFile } from './results.js';

test('keeps a result for programs and for people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-test-'));
  try {
    const inside = join(folder, 'results');
    const json = keepResult('faults', { figure: 3 }, '| 3 |', inside);
    expect(JSON.parse(json)).toEqual({ figure: 3 });
    expect(readFileSync(join(inside, 'faults.json'), 'utf8')).toBe(`${json}\n`);
    expect(readFileSync(resultTableFile('faults', inside), 'utf8')).toBe('| 3 |\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
