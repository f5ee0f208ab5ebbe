import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readmeFile, replaceTable } from './readmeTables.js';
import { keptResults } from './results.js';

const text = 'before\n<!-- bench a -->\nold\n<!-- end of bench a -->\nafter\n';

test('replaces what stands between the marks, and nothing else', () => {
  const replaced = replaceTable(text, 'a', '| new |\n');
  expect(replaced).toBe('before\n<!-- bench a -->\n\n| new |\n\n<!-- end of bench a -->\nafter\n');
  expect(replaceTable(replaced, 'a', '| new |')).toBe(replaced);
});

test.each(keptResults)('README has a place for the result of %s', (name) => {
  expect(replaceTable(readFileSync(readmeFile, 'utf8'), name, '| new |')).toContain('| new |');
});

test('says which marks are missing', () => {
  expect(() => replaceTable(text, 'b', '')).toThrow('<!-- bench b -->');
});
