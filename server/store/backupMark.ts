import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, ownProcessEntry } from './processEntry.js';

/** A backup that is made or read through now. */
export interface BackupUnderWay {
  readonly processId: number;
  /** Folder that it is made in. */
  readonly out: string;
}

/** Beside the entries of those who hold the directory; whoever makes a backup does not. */
const prefix = 'backup.';
const folderOf = (dataDirectory: string): string => join(dataDirectory, 'lock');

/**
 * Tells others that this process makes a backup. Where no server ever ran, or the directory cannot
 * be written, nobody is told: the backup is worth more.
 *
 * @returns takes that back
 */
export function markBackup(dataDirectory: string, out: string): () => void {
  const mark = join(folderOf(dataDirectory), `${prefix}${ownProcessEntry()}`);
  try {
    // Who sees the mark finds it whole.
    writeFileSync(`${mark}.new`, out, { mode: 0o600 });
    renameSync(`${mark}.new`, mark);
  } catch {
    return () => undefined;
  }
  return () => rmSync(mark, { force: true });
}

/** Whether an entry in the folder of locks is not of who holds the directory. Pure. */
export function isBackupMark(entry: string): boolean {
  return entry.startsWith(prefix);
}

/** @returns one of those that are made of a data directory now; null where none is */
export function backupUnderWay(dataDirectory: string): BackupUnderWay | null {
  for (const entry of marksIn(dataDirectory)) {
    const processEntry = entry.slice(prefix.length);
    if (entry.endsWith('.new') || !isProcessAlive(processEntry)) continue;
    try {
      const out = readFileSync(join(folderOf(dataDirectory), entry), 'utf8');
      return { processId: Number.parseInt(processEntry, 10), out };
    } catch {
      // It is done meanwhile.
    }
  }
  return null;
}

/** Takes away the marks of backups that were killed. */
export function clearDeadBackups(dataDirectory: string): void {
  for (const entry of marksIn(dataDirectory)) {
    if (isProcessAlive(entry.slice(prefix.length))) continue;
    rmSync(join(folderOf(dataDirectory), entry), { force: true });
  }
}

function marksIn(dataDirectory: string): string[] {
  try {
    return readdirSync(folderOf(dataDirectory)).filter(isBackupMark);
  } catch {
    return [];
  }
}
