import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isReleaseKey } from './releaseManifest.js';
import { isReleaseVersion } from './releaseVersion.js';

const publisherSchema = z.object({
  version: z.string().refine(isReleaseVersion),
  /** Of who made the release; null: nobody signed it. */
  updateKey: z.string().refine(isReleaseKey).nullable(),
  /** Where they publish; null: not said. */
  updateUrl: z.string().nullable(),
});

const infoSchema = publisherSchema.extend({
  platform: z.string(),
  schemaVersion: z.int(),
});

/** What any release says of its maker: a part of `release.json`. */
export type ReleasePublisher = z.infer<typeof publisherSchema>;

/** What a release of the server that was unpacked says of itself: `release.json`. */
export type ReleaseInfo = z.infer<typeof infoSchema>;

const infoFile = 'release.json';

/** @returns null where the folder holds no release of the server */
export function readReleaseInfo(folder: string): ReleaseInfo | null {
  return readInfo(folder, infoSchema);
}

/** @returns null where the folder holds no release */
export function readReleasePublisher(folder: string): ReleasePublisher | null {
  return readInfo(folder, publisherSchema);
}

/** The folder of the release that a file is of; null: of none, but of a checkout. */
export function releaseAround(file: string): string | null {
  let folder = dirname(realpathSync(file));
  while (!existsSync(join(folder, infoFile))) {
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return folder;
}

function readInfo<Info>(folder: string, schema: z.ZodType<Info>): Info | null {
  try {
    return schema.parse(JSON.parse(readFileSync(join(folder, infoFile), 'utf8')));
  } catch {
    return null;
  }
}
