import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { PluginError } from './errors.js';

/** A link would lead out of a plugin's folder, and whoever opens a pipe waits for its other end. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
const flags = O_RDONLY! | O_NOFOLLOW | O_NONBLOCK;

/**
 * Reads a file of a plugin, which its author made: a plain one of bounded length, and nothing else.
 *
 * @throws PluginError `badFolder` for a link, a pipe and the like, `tooLarge`; else as `open()`
 */
export async function readPlainFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const file = await openPlain(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notPlain(path);
    if (stat.size > bytesMax) {
      const text = `${path} has ${stat.size} bytes, and at most ${bytesMax} are read.`;
      throw new PluginError('tooLarge', `${text} Get it from its author again.`);
    }
    const bytes = new Uint8Array(stat.size);
    const { bytesRead } = await file.read(bytes, 0, stat.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (error) {
    const isLink = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    throw isLink ? notPlain(path, error) : error;
  }
}

function notPlain(path: string, cause?: unknown): PluginError {
  const text = `${path} is a link, or no file at all. Put the file itself in its place.`;
  return new PluginError('badFolder', text, { cause });
}
