import { expect, test } from 'vitest';
import { findEmojis, namedEmojis } from './emojiList.js';

const english = namedEmojis('en');
const found = (asked: string): string[] => findEmojis(english, asked).map(({ emoji }) => emoji);

test('names every emoji in both languages, and each once', () => {
  const german = namedEmojis('de');
  expect(new Set(english.map(({ emoji }) => emoji)).size).toBe(english.length);
  expect(english.length).toBeGreaterThan(300);
  for (const { emoji, name } of [...english, ...german]) expect(name, emoji).not.toBe('');
  expect(english[0]?.name).toBe('thumbs up');
  expect(german[0]?.name).toBe('Daumen hoch');
});

test('holds nothing but what a reaction may be', () => {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { emoji } of english) expect([...graphemes.segment(emoji)], emoji).toHaveLength(1);
});

test('finds by the beginnings of words of either language, and by the emoji itself', () => {
  expect(found('party')).toContain('🎉');
  expect(found('gluck')).toEqual(found('Glück'));
  expect(found('folded ha')).toEqual(['🙏']);
  expect(found('🐦')).toContain('🐦');
  expect(found('umbs')).toEqual([]);
  expect(found(' ')).toHaveLength(english.length);
});
