import type { FileFacts } from '@rookery/schemas/messages';

/** Raster pictures that a browser decodes. No SVG: that is a program as much as a picture. */
const pictureTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
];

/** Whatever is larger is only saved: it takes memory to unpack. */
const pictureBytesMax = 32 * 1_024 * 1_024;

/** CSS pixels, of a picture in line. */
const boxMax = { width: 360, height: 270 };
const sideMin = 40;

/** What the bytes of a file are told to be in this page: a picture, or nothing that is shown. */
export function safeMediaType(mediaType: string): string {
  return pictureTypes.includes(mediaType) ? mediaType : 'application/octet-stream';
}

/** Whether a file may be shown as a picture; it is not known yet whether it is one. */
export function isPicture({ mediaType, sizeBytes }: FileFacts): boolean {
  return pictureTypes.includes(mediaType) && sizeBytes <= pictureBytesMax;
}

/**
 * The room that a picture takes in line, before anything of it is there, by its thumbnail.
 *
 * @returns CSS pixels; null where its dimensions are not known
 */
export function pictureBox({ thumbnail }: Pick<FileFacts, 'thumbnail'>): {
  readonly width: number;
  readonly height: number;
} | null {
  if (thumbnail === null || thumbnail.width === 0 || thumbnail.height === 0) return null;
  const { width, height } = thumbnail;
  const scale = Math.min(boxMax.width / width, boxMax.height / height, 1);
  // What is longer than wide, or the other way round, by very much gets a border.
  const side = (length: number): number => Math.max(sideMin, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}
