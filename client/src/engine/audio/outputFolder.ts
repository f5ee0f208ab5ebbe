import { mkdirSync } from 'node:fs';
import { ClientError } from '../clientError.js';

/**
 * Makes a folder for files of sound, with those above it, where it is missing. Blocks.
 *
 * @throws ClientError 'outputUnwritable' naming the folder and the cause
 */
export function makeOutputFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClientError('outputUnwritable', `cannot make "${path}": ${reason}`, { cause });
  }
}
