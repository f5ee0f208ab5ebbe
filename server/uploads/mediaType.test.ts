import { expect, it } from 'vitest';
import { mediaTypeOf, unknownMediaType } from './mediaType.js';

const png = '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489';

it.each([
  ['a picture', Buffer.from(png, 'hex'), 'image/png'],
  ['text', Buffer.from('Grüße 👋\r\n'), 'text/plain'],
  ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/plain'],
  ['a drawing with a script', Buffer.from('<?xml version="1.0"?><svg/>'), 'text/plain'],
  ['noise', Buffer.from('00ff17', 'hex'), unknownMediaType],
  ['bytes that are no UTF-8', Buffer.from('c328', 'hex'), unknownMediaType],
])('says what %s is by its bytes', async (_what, bytes, mediaType) => {
  expect(await mediaTypeOf(new Uint8Array(bytes))).toBe(mediaType);
});

it('takes a character that is cut at the end for text', async () => {
  const text = Buffer.from('x👋');
  expect(await mediaTypeOf(new Uint8Array(text.subarray(0, text.length - 1)))).toBe('text/plain');
});
