import { expect, test } from 'vitest';
import { isTypedFingerprint, wordsOfFingerprint } from './fingerprint.js';

const fingerprint = Array.from({ length: 32 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
).join(':');

test('a fingerprint has words', () => {
  expect(wordsOfFingerprint(fingerprint)).toMatch(/^acid acorn( \w+){10}$/);
});

test('takes what was typed in words or hexadecimal, and nothing less', () => {
  const words = wordsOfFingerprint(fingerprint);
  for (const typed of [words, words.toUpperCase(), fingerprint, fingerprint.replaceAll(':', '')]) {
    expect(isTypedFingerprint(` ${typed.toLowerCase()} `, fingerprint), typed).toBe(true);
  }
  for (const typed of ['', words.slice(0, -1), fingerprint.slice(0, 11), 'yes']) {
    expect(isTypedFingerprint(typed, fingerprint), typed).toBe(false);
  }
});
