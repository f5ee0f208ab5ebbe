import { expect, it } from 'vitest';
import { contentHash, ContentHasher } from './contentHash.js';

/** BLAKE3 of nothing, from the test vectors of the reference implementation. */
const hashOfNothing = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262';

it('is BLAKE3, however the bytes come', () => {
  expect(Buffer.from(contentHash(new Uint8Array(0))).toString('hex')).toBe(hashOfNothing);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
  const hasher = new ContentHasher();
  for (let at = 0; at < bytes.length; at += 7_777) hasher.update(bytes.subarray(at, at + 7_777));
  expect(hasher.finish()).toEqual(contentHash(bytes));
});
