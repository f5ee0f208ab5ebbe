import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServerError } from '../errors.js';
import { checkDatabaseHeader, isShorterThanSaid } from './databaseHeader.js';

/** A large database that was read for so long without a fault is taken for whole. */
const probeMsMax = 10_000;

/**
 * Has another process read a database that may be damaged before this one opens it, because LMDB
 * ends the process that does. That is where the file is shorter than it says, and where the server
 * that had it did not end as it should; to do so always would make every start slower.
 *
 * @param path directory of the database
 * @throws ServerError `unusableData`
 */
export async function probeDatabase(path: string, ended: 'well' | 'badly'): Promise<void> {
  if (ended === 'well' && !mayBeShort(path)) return;
  const entry = fileURLToPath(new URL('./probeProcess.js', import.meta.url));
  const child = fork(entry, [path], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const enough = setTimeout(() => child.kill('SIGKILL'), probeMsMax);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(enough);
  if (code === 0 || child.killed) return;
  const how = signal ?? `code ${code ?? 'unknown'}`;
  throw new ServerError(
    'unusableData',
    `The database ${path} is damaged: reading it ended with ${how}. Restore a backup with ` +
      '"rookery restore", or move it away to begin anew.',
  );
}

/** What has no sound header is told of by whoever opens it. */
function mayBeShort(path: string): boolean {
  try {
    checkDatabaseHeader(path);
  } catch {
    return false;
  }
  return isShorterThanSaid(path);
}
