import { expect, test } from 'vitest';
import { codeIn } from './inviteCode.js';

test('takes a code, and a link with one', () => {
  expect(codeIn(' abc-DEF ')).toBe('abc-DEF');
  expect(codeIn('rookery://127.0.0.1:4640/?invite=abc%2D1&fingerprint=AB')).toBe('abc-1');
  expect(codeIn('')).toBe('');
});
