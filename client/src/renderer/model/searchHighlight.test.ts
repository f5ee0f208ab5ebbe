import { expect, test } from 'vitest';
import { foundPieces } from './searchHighlight.js';

const shown = (text: string, query: string): string =>
  foundPieces(text, query)
    .map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text))
    .join('');

test('marks whole words without regard to case and marks on letters', () => {
  expect(shown('Der Plan für das Café', 'plan cafe')).toBe('Der [Plan] für das [Café]');
  expect(shown('planning', 'plan')).toBe('planning');
});

test('marks all words that begin so where that is asked for', () => {
  expect(shown('planning a plane', 'plan*')).toBe('[planning] a [plane]');
});

test('begins a long text shortly before what was found, and ends it somewhere', () => {
  const text = `${'before '.repeat(100)}needle ${'after '.repeat(100)}`;
  const words = shown(text, 'needle');
  expect(words).toContain('[needle]');
  expect(words.startsWith('… ')).toBe(true);
  expect(words.endsWith(' …')).toBe(true);
  expect(words.length).toBeLessThan(400);
});
