import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import type { Thumbnail } from '@rookery/schemas/messages';
import sharp from 'sharp';

// A process of its own: it unpacks what anybody may have made up, and can be ended while it does.
// It takes one job at a time and answers each with one message.

export interface ThumbnailJob {
  readonly source: string;
  /** Where to write it (WebP). */
  readonly target: string;
  readonly sideMax: number;
  readonly pixelsMax: number;
}

/** null where the picture cannot be read, or is too large. */
export type ThumbnailResult = Thumbnail | null;

/** Formats that are common and unpack without running anything: no SVG, no PDF. */
const loaders = ['Jpeg', 'Png', 'Webp', 'Nsgif'].flatMap((name) => [
  `VipsForeignLoad${name}File`,
  `VipsForeignLoad${name}Buffer`,
]);

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: loaders });
sharp.cache(false);
sharp.concurrency(1);

process.on('message', (job: ThumbnailJob) => {
  void make(job)
    .catch(() => null)
    .then((result) => process.send?.(result));
});
// The server is gone.
process.on('disconnect', () => process.exit());

async function make({ source, target, sideMax, pixelsMax }: ThumbnailJob): Promise<Thumbnail> {
  const { data, info } = await sharp(source, { limitInputPixels: pixelsMax, failOn: 'error' })
    .autoOrient()
    .resize({ width: sideMax, height: sideMax, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer({ resolveWithObject: true });
  const file = openSync(target, 'w', 0o600);
  try {
    writeFileSync(file, data);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { width: info.width, height: info.height, sizeBytes: data.length };
}
