import { expect, test } from 'vitest';
import { replaceTable } from './readmeTables.js';

const text = 'before\n<!-- bench a -->\nold\n<!-- end of bench a -->\nafter\n';

test('replaces what stands between the marks, and nothing else', () => {
  const replaced = replaceTable(text, 'a', '| new |\n');
  expect(replaced).toBe('before\n<!-- bench a -->\n\n| new |\n\n<!-- end of bench a -->\nafter\n');
  expect(replaceTable(replaced, 'a', '| new |')).toBe(replaced);
});

test('says which marks are missing', () => {
  expect(() => replaceTable(text, 'b', '')).toThrow('<!-- bench b -->');
});
