import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { writeWhole } from '../store/durableFile.js';

const noteSchema = z.object({ version: z.string() });
const pathIn = (dataDirectory: string): string => join(dataDirectory, 'served.json');

/**
 * Has a server write into its data that it served for long in one go, by a clock that nobody sets:
 * what times of files tell of a machine that starts in 1970 and learns the time later is wrong.
 *
 * @param afterMs from now on
 * @returns ends it
 */
export function noteService(
  dataDirectory: string,
  version: string,
  { afterMs, log }: { readonly afterMs: number; readonly log: Logger },
): () => void {
  const timer = setTimeout(() => {
    if (hasServedLong(dataDirectory, version)) return;
    try {
      writeWhole(pathIn(dataDirectory), `${JSON.stringify({ version })}\n`);
    } catch (error) {
      // A start without a verdict is judged as any other then.
      log.warn({ err: error }, 'it cannot be noted that this version served for long');
    }
  }, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Whether a version is the one that served for long since the last switch to another. */
export function hasServedLong(dataDirectory: string, version: string): boolean {
  try {
    const note = noteSchema.parse(JSON.parse(readFileSync(pathIn(dataDirectory), 'utf8')));
    return note.version === version;
  } catch {
    return false;
  }
}

/** The version that comes next, which may be one of before, begins anew. */
export function forgetService(dataDirectory: string): void {
  rmSync(pathIn(dataDirectory), { force: true });
}
