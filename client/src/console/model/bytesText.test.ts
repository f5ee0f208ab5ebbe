import { expect, test } from 'vitest';
import { bytesText } from './bytesText.js';

test.each([
  [0, '0 B'],
  [1_023, '1,023 B'],
  [1_536, '1.5 KiB'],
  [20 * 1_048_576, '20 MiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes, 'en')).toBe(text);
});
