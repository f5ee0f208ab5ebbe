import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

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
