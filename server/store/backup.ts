import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.js';
import { serverLimits } from '../limits.js';
import { openDataDirectory } from './dataDirectory.js';
import { copyUploads } from './copyUploads.js';
import type { DatabaseOptions } from './database.js';
import { syncDirectory, writeWhole } from './durableFile.js';
import { copyDatabase, databasePath, newestVersion } from './migrate.js';

/** What it takes to read and to copy: nobody writes with these. */
export const readingOptions: DatabaseOptions = {
  limits: serverLimits.store,
  onFault: () => undefined,
  onRecovered: () => undefined,
};

/** How the name of a backup ends that is not whole. */
export const unfinishedEnding = '.unfinished';

/**
 * Copies a data directory: the newest database as it is at one moment, the files that people
 * uploaded, and those beside it (identity, certificate, settings). A server may run on it
 * meanwhile. What comes out is a data directory itself.
 *
 * @param out does not exist yet; it has its name once it is whole
 * @param onPhase is told what is copied next
 * @throws ServerError `unusableData`, `storageFull`, `storageFault`
 */
export async function backUp(
  dataDirectory: string,
  out: string,
  onPhase: (phase: 'files' | 'database') => void = () => undefined,
): Promise<void> {
  const version = versionOf(dataDirectory);
  if (existsSync(out)) {
    throw new ServerError('unusableData', `${out} exists already. Give the name of a new folder.`);
  }
  const unfinished = `${out}${unfinishedEnding}`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    const copy = databasePath(unfinished, version);
    onPhase('files');
    copyUploads(dataDirectory, unfinished);
    onPhase('database');
    await copyDatabase(databasePath(dataDirectory, version), copy, readingOptions);
    // Those that came meanwhile.
    copyUploads(dataDirectory, unfinished);
    copyFiles(dataDirectory, unfinished);
    copyPlugins(dataDirectory, unfinished);
    renameSync(unfinished, out);
    syncDirectory(dirname(out));
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    throw readable(cause, `Cannot write the backup ${out}`);
  }
}

/**
 * Puts a backup where a server will look for its data.
 *
 * @param dataDirectory has no database, and no server runs on it
 * @throws ServerError `dataInUse`, `unusableData`, `storageFull`, `storageFault`
 */
export async function restore(backup: string, dataDirectory: string): Promise<void> {
  const version = versionOf(backup);
  const data = openDataDirectory(dataDirectory, 'restore');
  try {
    if (newestVersion(dataDirectory) !== null) {
      throw new ServerError(
        'unusableData',
        `There is a database in ${dataDirectory} already. Move it away, or restore to another ` +
          'folder.',
      );
    }
    const path = databasePath(dataDirectory, version);
    const unfinished = `${path}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await copyDatabase(databasePath(backup, version), unfinished, readingOptions);
    copyUploads(backup, dataDirectory);
    copyFiles(backup, dataDirectory);
    copyPlugins(backup, dataDirectory);
    // Last, so that a restore that was cut short is not taken for a whole one.
    renameSync(unfinished, path);
    syncDirectory(dataDirectory);
  } catch (cause) {
    throw readable(cause, `Cannot restore to ${dataDirectory}`);
  } finally {
    data.close();
  }
}

/** @throws ServerError `unusableData` where there is no database */
export function versionOf(dataDirectory: string): number {
  const version = newestVersion(dataDirectory);
  if (version !== null) return version;
  throw new ServerError(
    'unusableData',
    `There is no database in ${dataDirectory}. Give the folder of a server's data, or of a backup.`,
  );
}

/** What is installed of plugins, and what each keeps. */
function copyPlugins(from: string, to: string): void {
  const [plugins, copies] = [join(from, 'plugins'), join(to, 'plugins')];
  if (!existsSync(plugins)) return;
  for (const entry of readdirSync(plugins, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    mkdirSync(join(copies, entry.name), { recursive: true, mode: 0o700 });
    copyFiles(join(plugins, entry.name), join(copies, entry.name));
  }
}

function copyFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.new')) continue;
    writeWhole(join(to, entry.name), readFileSync(join(from, entry.name)));
  }
}

function readable(cause: unknown, what: string): ServerError {
  if (cause instanceof ServerError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError('storageFault', `${what}: ${reason}.`, { cause });
}
