import { readFileSync } from 'node:fs';
import { ServerError } from '../errors.js';
import { writeWhole } from './durableFile.js';

/**
 * Reads a small file that only the server's user may read, or makes it: the whole content is on
 * disk before the file has its name, so that a crash leaves the file whole or absent.
 *
 * @param make gives the content on first start
 * @throws ServerError `unusableData`
 */
export async function openSecretFile(
  file: string,
  make: () => Promise<string> | string,
): Promise<string> {
  const content = readIfPresent(file);
  if (content !== null) return content;
  const made = await make();
  try {
    writeWhole(file, made);
  } catch (cause) {
    throw unusable(file, 'write', cause);
  }
  return made;
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw unusable(file, 'read', cause);
  }
}

function unusable(file: string, verb: 'read' | 'write', cause: unknown): ServerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError(
    'unusableData',
    `Cannot ${verb} ${file}: ${reason}. Check who owns the data directory and the free space.`,
    { cause },
  );
}
