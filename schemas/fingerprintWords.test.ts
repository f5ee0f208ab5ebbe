import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { areFingerprintWords, fingerprintWords } from './fingerprintWords.js';

const counting = Uint8Array.from({ length: 32 }, (_, index) => index);
const every = Array.from({ length: 256 }, (_, byte) => fingerprintWords(Uint8Array.of(byte))[0]!);

test('says the same of a fingerprint for ever', () => {
  expect(fingerprintWords(counting).join(' ')).toBe(
    'acid acorn actor adult agent alarm album alley amber anchor angle ankle',
  );
  const digest = createHash('sha256').update(every.join(' ')).digest('hex');
  expect(digest).toBe('953d6c2212bd4ea213cccda93ceed1157dd87a8d35c3fc2a54f912f0fcc16762');
});

test('has a short word for each byte, and its beginning tells it from all others', () => {
  expect(new Set(every.map((word) => word.slice(0, 4))).size).toBe(256);
  for (const word of every) expect(word).toMatch(/^[a-z]{3,8}$/);
});

test('takes the words however somebody writes them, and no others', () => {
  const words = fingerprintWords(counting);
  for (const text of [words.join(' '), `  ${words.join(' - ').toUpperCase()}\n`]) {
    expect(areFingerprintWords(text, counting)).toBe(true);
  }
  const wrong = ['', words.slice(1).join(' '), words.join(''), words.toReversed().join(' ')];
  for (const text of wrong) expect(areFingerprintWords(text, counting)).toBe(false);
});
