import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.js';

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
 * @throws ServerError `dataInUse` when another living server holds it, `unusableData` when it
 *   cannot be made or written
 */
export function openDataDirectory(path: string): DataDirectory {
  const lock = join(path, 'lock');
  const own = `${process.pid}.${processStat(process.pid)?.startTime ?? 'unknown'}`;
  const ownEntry = join(lock, own);
  try {
    mkdirSync(lock, { recursive: true, mode: 0o700 });
    if (!addEntry(ownEntry)) throw inUse(path, process.pid, ownEntry);
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
  for (const entry of readdirSync(lock)) {
    if (entry === own) continue;
    ended = 'badly';
    if (isAlive(entry)) {
      rmSync(ownEntry, { force: true });
      throw inUse(path, Number.parseInt(entry, 10), join(lock, entry));
    }
    rmSync(join(lock, entry), { force: true });
  }
  return {
    path,
    ended,
    // As the entry of a server that is gone.
    doubt: () => void addEntry(join(lock, 'doubt')),
    close: () => rmSync(ownEntry, { force: true }),
  };
}

/** @returns the process that holds a data directory; null where none does that lives */
export function livingHolder(path: string): number | null {
  try {
    const entry = readdirSync(join(path, 'lock')).find(isAlive);
    return entry === undefined ? null : Number.parseInt(entry, 10);
  } catch {
    return null;
  }
}

/** @returns false where this very process has it already */
function addEntry(entry: string): boolean {
  try {
    writeFileSync(entry, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function inUse(path: string, processId: number, entry: string): ServerError {
  return new ServerError(
    'dataInUse',
    `The data directory ${path} is in use by the server with process id ${processId}. Stop that ` +
      `server, give another directory with --data, or, if no such server runs, delete ${entry}.`,
  );
}

function isAlive(entry: string): boolean {
  const [processIdText = '', startTime = ''] = entry.split('.');
  const processId = Number(processIdText);
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const stat = processStat(processId);
  if (stat === null) return true;
  // One that is over has its number until its parent takes notice, which may never be.
  return !['Z', 'X'].includes(stat.state) && stat.startTime === startTime;
}

interface ProcessStat {
  readonly state: string;
  /** Clock ticks from boot to the start of the process. */
  readonly startTime: string;
}

/**
 * Fields 3 and 22 of proc(5)'s stat, counted after the parenthesised name, which may hold spaces.
 *
 * @returns null where the system does not tell
 */
function processStat(processId: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return null;
  }
}
