import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.js';
import { Database, type DatabaseOptions } from './database.js';
import { syncDirectory } from './durableFile.js';
import { migrations, type Migration } from './migrations.js';
import { schemaVersion, type Tables } from './tables.js';

/** What the program knows of schemas. */
export interface Schema {
  readonly version: number;
  readonly migrations: readonly Migration[];
}

export const currentSchema: Schema = { version: schemaVersion, migrations };

export interface MigrateOptions extends DatabaseOptions {
  readonly schema?: Schema;
  /** Tells the log what is done. */
  readonly onStep: (text: string) => void;
}

const directoryPattern = /^database-(\d{1,6})$/;
const versionKey = new Uint8Array(Buffer.from('schemaVersion'));

/** Where the database of a schema version is: each has a directory of its own. */
export function databasePath(dataDirectory: string, version: number): string {
  return join(dataDirectory, `database-${version}`);
}

/** @returns the version of the newest database in a data directory; null where there is none */
export function newestVersion(dataDirectory: string): number | null {
  const versions = existsSync(dataDirectory)
    ? readdirSync(dataDirectory).map((name) => Number(directoryPattern.exec(name)?.[1] ?? 0))
    : [];
  const newest = Math.max(0, ...versions);
  return newest === 0 ? null : newest;
}

/**
 * Opens the database of a data directory. Where it is of an earlier schema version, it is copied,
 * the copy is migrated, and only then it gets its name:
 *
 *     database-1 ── copy ──► database-3.unfinished ─ migrate to 2 ─ to 3 ─ rename ─► database-3
 *
 * So the earlier one stays as it was, whatever happens, and is the backup afterwards.
 *
 * @throws ServerError `newerData` where it is of a newer version, `unusableData`, `storageFull`
 */
export async function openMigrated(
  dataDirectory: string,
  options: MigrateOptions,
): Promise<Database> {
  const schema = options.schema ?? currentSchema;
  const found = newestVersion(dataDirectory);
  if (found !== null && found > schema.version) throw newerData(dataDirectory, found, schema);
  if (found !== null && found < schema.version) {
    await migrate(dataDirectory, found, schema, options);
  }
  const path = databasePath(dataDirectory, schema.version);
  const isNew = found === null;
  if (isNew) await makeNew(path, schema, options);
  const database = Database.open(path, options);
  const version = readVersion(database);
  if (version === schema.version) return database;
  await database.close();
  throw new ServerError(
    'unusableData',
    `The database ${path} says that it is of schema version ${version ?? 'unknown'}. Restore a ` +
      'backup.',
  );
}

/** @returns null where it does not say */
export function readVersion(tables: Tables): number | null {
  const bytes = tables.get('meta', versionKey);
  return bytes?.length === 4 ? Buffer.from(bytes).readUInt32LE() : null;
}

/** A first start that was cut short is begun anew: until it is named, nothing is in it. */
async function makeNew(path: string, schema: Schema, options: DatabaseOptions): Promise<void> {
  await finishedWhole(path, async (unfinished) => {
    const database = Database.open(unfinished, options);
    try {
      await writeVersion(database, schema.version);
    } finally {
      await database.close();
    }
  });
}

async function migrate(
  dataDirectory: string,
  from: number,
  schema: Schema,
  options: MigrateOptions,
): Promise<void> {
  const steps = schema.migrations.filter(({ to }) => to > from && to <= schema.version);
  const earlier = databasePath(dataDirectory, from);
  options.onStep(`migrating the database from schema version ${from} to ${schema.version}`);
  await finishedWhole(databasePath(dataDirectory, schema.version), async (unfinished) => {
    await copyDatabase(earlier, unfinished, options);
    const database = Database.open(unfinished, options);
    try {
      for (const step of steps) {
        options.onStep(`schema version ${step.to}: ${step.what}`);
        await runStep(database, step, earlier);
      }
    } finally {
      await database.close();
    }
  });
  options.onStep(`migrated; the database from before is kept as ${earlier}`);
}

async function runStep(database: Database, step: Migration, earlier: string): Promise<void> {
  try {
    await step.run(database);
    await writeVersion(database, step.to);
  } catch (cause) {
    if (cause instanceof ServerError && cause.code === 'storageFull') throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError(
      'unusableData',
      `Cannot migrate the database to schema version ${step.to} (${step.what}): ${reason}. ` +
        `${earlier} is untouched: run the release from before with it.`,
      { cause },
    );
  }
}

/** Copies a database that another process may be writing to. @param to is made */
export async function copyDatabase(
  from: string,
  to: string,
  options: DatabaseOptions,
): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const database = Database.openToRead(from, options);
  try {
    await database.copyTo(to);
  } finally {
    await database.close();
  }
}

/** Fills a directory beside the path, and gives it its name once it is whole and on the disk. */
async function finishedWhole(
  path: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await fill(unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  renameSync(unfinished, path);
  syncDirectory(join(path, '..'));
}

function writeVersion(tables: Tables, version: number): Promise<void> {
  const value = Buffer.alloc(4);
  value.writeUInt32LE(version);
  return tables.commit([{ table: 'meta', key: versionKey, value: new Uint8Array(value) }]);
}

function newerData(dataDirectory: string, found: number, { version }: Schema): ServerError {
  return new ServerError(
    'newerData',
    `The data in ${dataDirectory} is of schema version ${found}, and this release knows ` +
      `${version} at most. Run the release that wrote it, or move ` +
      `${databasePath(dataDirectory, found)} away to go on with what was there before.`,
  );
}
