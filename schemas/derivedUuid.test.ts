import { deriveKey } from 'blake3';
import { expect, test } from 'vitest';
import { derivedUuid } from './derivedUuid.js';
import { uuidBytes, uuidFromBytes } from './uuid.js';

const context = 'rookery test of derived ids';
const calls = 10_000;
/** A tenth of what as many hashers take. */
const growthBytesMax = calls * 200;

test('is BLAKE3 in derive-key mode', () => {
  const material = Uint8Array.of(1, 2, 3);
  const expected = uuidFromBytes(deriveKey(context, material, { length: uuidBytes }));
  expect(derivedUuid(context, material)).toBe(expected);
  expect(derivedUuid(`${context}.`, material)).not.toBe(expected);
  expect(derivedUuid(context, Uint8Array.of(1, 2))).not.toBe(expected);
});

test('keeps no memory of what it derived', () => {
  const material = new Uint8Array(32);
  derivedUuid(context, material);
  const before = process.memoryUsage().external;
  for (let call = 0; call < calls; call++) derivedUuid(context, material);
  expect(process.memoryUsage().external - before).toBeLessThan(growthBytesMax);
});
