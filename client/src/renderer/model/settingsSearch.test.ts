import { expect, test } from 'vitest';
import { findSettings } from './settingsSearch.js';

const settings = [
  { pageId: 'sound', setting: 'a', words: 'Take noise away', more: 'Sound. Fans and keyboards.' },
  { pageId: 'appearance', setting: 'b', words: 'Größe der Schrift', more: 'Aussehen' },
  { pageId: 'sound', setting: 'c', words: 'Microphone', more: 'Sound. Which one takes noise in.' },
];
const found = (query: string): string[] =>
  findSettings(settings, query).map(({ setting }) => setting);

test('finds by all words, in any order and case', () => {
  expect(found('AWAY noise')).toEqual(['a']);
  expect(found('away bird')).toEqual([]);
});

test('finds with and without accents', () => {
  expect(found('grosse')).toEqual(['b']);
  expect(found('größe')).toEqual(['b']);
});

test('shows what is called so before what is about it', () => {
  expect(found('noise')).toEqual(['a', 'c']);
  expect(found('sound')).toEqual(['a', 'c']);
});

test('finds nothing for nothing', () => {
  expect(found('')).toEqual([]);
  expect(found('  ')).toEqual([]);
});
