import { expect, test } from 'vitest';
import { KnownAddresses } from './knownAddresses.js';

test('knows the addresses that were seen last, up to a number', () => {
  const known = new KnownAddresses(2);
  known.note('192.0.2.1');
  known.note('192.0.2.2');
  known.note('192.0.2.1');
  known.note('192.0.2.3');
  expect(known.has('192.0.2.1')).toBe(true);
  expect(known.has('192.0.2.2')).toBe(false);
  expect(known.has('192.0.2.3')).toBe(true);
});
