import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.js';
import { clearDeadBackups, isBackupMark } from './backupMark.js';
import { isProcessAlive, ownProcessEntry } from './processEntry.js';

/** What a directory is held for. */
export const directoryWorks = ['server', 'restore', 'update'] as const;
export type DirectoryWork = (typeof directoryWorks)[number];

/** The process that holds a directory. */
export interface DirectoryHolder {
  readonly processId: number;
  readonly work: DirectoryWork;
}

/** The server's directory, held by this process alone until it is closed. */
export interface DataDirectory {
  readonly path: string;
  /** How the server ended that had it before: badly in a crash or a power cut. */
  readonly ended: 'well' | 'badly';
  /** Has whoever opens it next be told again that it ended badly. */
  doubt(): void;
  /** Lets another server have the directory. */
  close(): void;
}

/**
 * Makes the directory where it is missing and locks it.
 *
 * The lock is a directory of entries, one per server process, named by process id and start time. A
 * server first adds its entry, then looks for others: of two that start at once, at least one sees
 * the other, whichever way they race. An entry of a process that is gone (a crash, a power cut) is
 * removed; the start time tells it from a stranger with the same number.
 *
 * @param work what for: others are told
 * @throws ServerError `dataInUse` when another living process holds it, `unusableData` when it
 *   cannot be made or written
 */
export function openDataDirectory(path: string, work: DirectoryWork = 'server'): DataDirectory {
  const lock = join(path, 'lock');
  const own = ownProcessEntry();
  const ownEntry = join(lock, own);
  try {
    mkdirSync(lock, { recursive: true, mode: 0o700 });
    if (!addEntry(ownEntry, work)) throw inUse(path, own);
  } catch (cause) {
    if (cause instanceof ServerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError(
      'unusableData',
      `Cannot use ${path} as data directory: ${reason}. Give another with --data.`,
      { cause },
    );
  }
  let ended: DataDirectory['ended'] = 'well';
  clearDeadBackups(path);
  for (const entry of readdirSync(lock)) {
    if (entry === own || isBackupMark(entry)) continue;
    ended = 'badly';
    if (isProcessAlive(entry)) {
      rmSync(ownEntry, { force: true });
      throw inUse(path, entry);
    }
    rmSync(join(lock, entry), { force: true });
  }
  return {
    path,
    ended,
    // As the entry of a server that is gone.
    doubt: () => void addEntry(join(lock, 'doubt'), work),
    close: () => rmSync(ownEntry, { force: true }),
  };
}

/** @returns the process that holds a directory; null where none does that lives */
export function livingHolder(path: string): DirectoryHolder | null {
  try {
    const entry = readdirSync(join(path, 'lock')).find(isProcessAlive);
    return entry === undefined ? null : holderIn(path, entry);
  } catch {
    return null;
  }
}

function holderIn(path: string, entry: string): DirectoryHolder {
  const text = contentOf(join(path, 'lock', entry));
  const work = directoryWorks.find((one) => one === text) ?? 'server';
  return { processId: Number.parseInt(entry, 10), work };
}

/** @returns null where it is gone meanwhile */
function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @returns false where this very process has it already */
function addEntry(entry: string, work: DirectoryWork): boolean {
  try {
    writeFileSync(entry, work, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function inUse(path: string, entry: string): ServerError {
  const { processId, work } = holderIn(path, entry);
  const file = join(path, 'lock', entry);
  switch (work) {
    case 'server':
      return new ServerError(
        'dataInUse',
        `The data directory ${path} is in use by the server with process id ${processId}. Stop ` +
          'that server, give another directory with --data, or, if no such server runs, delete ' +
          `${file}.`,
      );
    case 'restore':
    case 'update': {
      const what = work === 'restore' ? `A restore to ${path}` : 'An update';
      return new ServerError(
        'dataInUse',
        `${what} is under way (process ${processId}). Wait until it is done, or, if no such ` +
          `process runs, delete ${file}.`,
      );
    }
  }
}
