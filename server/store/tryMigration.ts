import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readingOptions, versionOf } from './backup.js';
import { copyDatabase, currentSchema, databasePath, openMigrated, type Schema } from './migrate.js';

const trialFolder = 'migration-trial';

/**
 * Tries whether this release can take over the data of a server, which may run: a copy of the
 * database beside it is migrated, and removed again. The data itself is only read.
 *
 * @param onStep told what is done
 * @returns schema versions of the data, and of this release
 * @throws ServerError `newerData`, `unusableData`, `storageFull`
 */
export async function tryMigration(
  dataDirectory: string,
  onStep: (text: string) => void,
  schema: Schema = currentSchema,
): Promise<{ readonly from: number; readonly to: number }> {
  const from = versionOf(dataDirectory);
  const folder = join(dataDirectory, trialFolder);
  // Of a try that was cut short.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  try {
    const original = databasePath(dataDirectory, from);
    await copyDatabase(original, databasePath(folder, from), readingOptions);
    const migrated = await openMigrated(folder, { ...readingOptions, schema, onStep });
    await migrated.close();
    return { from, to: schema.version };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
