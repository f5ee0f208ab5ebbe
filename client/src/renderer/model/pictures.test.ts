import type { FileFacts } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { isPicture, pictureBox, safeMediaType } from './pictures.js';

const box = (width: number, height: number) =>
  pictureBox({ thumbnail: { width, height, sizeBytes: 1 } });

test('a picture keeps its shape in the room that it may take', () => {
  expect(box(320, 240)).toEqual({ width: 320, height: 240 });
  expect(box(320, 320)).toEqual({ width: 270, height: 270 });
  expect(box(1, 1)).toEqual({ width: 40, height: 40 });
  expect(box(320, 3)).toEqual({ width: 320, height: 40 });
  expect(pictureBox({ thumbnail: null })).toBeNull();
  expect(box(0, 0)).toBeNull();
});

test.each(['image/svg+xml', 'text/html', 'application/xhtml+xml', 'image/PNG ', ''])(
  'what is said to be "%s" is bytes and nothing else',
  (mediaType) => {
    expect(safeMediaType(mediaType)).toBe('application/octet-stream');
    expect(isPicture({ mediaType, sizeBytes: 1 } as FileFacts)).toBe(false);
  },
);

test('a picture that is too large to unpack is a file', () => {
  const facts = { mediaType: 'image/png', sizeBytes: 100_000_000 } as FileFacts;
  expect(isPicture(facts)).toBe(false);
  expect(isPicture({ ...facts, sizeBytes: 1_000 })).toBe(true);
});
