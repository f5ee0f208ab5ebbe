import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isReleaseKey } from './releaseManifest.js';
import { isReleaseVersion } from './releaseVersion.js';

const infoSchema = z.object({
  version: z.string().refine(isReleaseVersion),
  platform: z.string(),
  schemaVersion: z.int(),
  /** Of who made the release; null: nobody signed it. */
  updateKey: z.string().refine(isReleaseKey).nullable(),
  /** Where they publish; null: not said. */
  updateUrl: z.string().nullable(),
});

/** What a release that was unpacked says of itself: `release.json`. */
export type ReleaseInfo = z.infer<typeof infoSchema>;

/** @returns null where the folder holds no release */
export function readReleaseInfo(folder: string): ReleaseInfo | null {
  try {
    return infoSchema.parse(JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')));
  } catch {
    return null;
  }
}

const installedSchema = z.object({ sha256: z.string() });
const installedFile = 'installed.json';

/** Text of the file that tells which archive a folder was unpacked from. */
export function installedText(sha256: string): string {
  return `${JSON.stringify({ sha256 })}\n`;
}

/** Where that file is. */
export function installedPath(folder: string): string {
  return join(folder, installedFile);
}

/** @returns SHA-256 of the archive that a folder was unpacked from; null where it is not known */
export function installedHash(folder: string): string | null {
  try {
    return installedSchema.parse(JSON.parse(readFileSync(installedPath(folder), 'utf8'))).sha256;
  } catch {
    return null;
  }
}
