import { expect, test } from 'vitest';
import { inlineKey } from './inlineKey.js';

test('leads onwards by the arrow that points onwards', () => {
  expect(inlineKey('ArrowRight', '')).toBe('ArrowRight');
  expect(inlineKey('ArrowLeft', 'ltr')).toBe('ArrowLeft');
  expect(inlineKey('ArrowLeft', 'rtl')).toBe('ArrowRight');
  expect(inlineKey('ArrowRight', 'rtl')).toBe('ArrowLeft');
});

test('leaves every other key as it is', () => {
  expect(['ArrowUp', 'Home', 'a'].map((key) => inlineKey(key, 'rtl'))).toEqual([
    'ArrowUp',
    'Home',
    'a',
  ]);
});
