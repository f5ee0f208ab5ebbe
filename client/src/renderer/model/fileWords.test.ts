import { expect, test } from 'vitest';
import { shownName, sizeText, speedText } from './fileWords.js';

test.each([
  ['nest.tar', 'nest', '.tar'],
  ['.profile', '.profile', ''],
  ['no ending', 'no ending', ''],
  ['a. Long sentence with a dot', 'a. Long sentence with a dot', ''],
  [`${'x'.repeat(251)}.exe`, 'x'.repeat(251), '.exe'],
])('of %s the ending is kept apart', (name, stem, ending) => {
  expect(shownName(name)).toEqual({ stem, ending });
});

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1_536, '2 kB'],
  [1_536_000, '1.5 MB'],
  [2_000_000_000_000_000, '2,000 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeText(bytes, 'en')).toBe(words);
});

test('sizes and speeds are written as the language does', () => {
  expect(sizeText(1_536_000, 'de')).toBe('1,5 MB');
  expect(speedText(1_536_000, 'en')).toBe('1.5 MB/s');
});
