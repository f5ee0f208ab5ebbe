import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database as Table, type RootDatabase } from 'lmdb';
import { ServerError } from '../errors.js';
import { controlLimits, type StoreLimits } from '../limits.js';
import { closed, CommitQueue } from './commitQueue.js';
import { checkDatabaseHeader } from './databaseHeader.js';
import { asBuffer } from './keys.js';
import { tableNames, type KeyRange, type TableName, type Tables, type Write } from './tables.js';

export interface DatabaseOptions {
  readonly limits: StoreLimits;
  /** Writing failed, for the first time in a row: somebody should look at it. */
  readonly onFault: (error: ServerError) => void;
  /** Writing works again. */
  readonly onRecovered: () => void;
}

/** LMDB tells a write that the disk took in part as an I/O error, so its code does not say. */
const fullCodes: readonly unknown[] = [28 /* ENOSPC */, 122 /* EDQUOT */];

/** Bytes of pages for each byte that is written: pages are copied, and not filled to the brim. */
const pageBytesPerByte = 2;

/** More tables than there will be: LMDB wants to know before. */
const tablesMax = 64;

/**
 * The tables in an LMDB environment: a directory with `data.mdb` and `lock.mdb`. The process that
 * holds the data directory alone writes; others may read beside it. Reading is synchronous, from
 * memory mapped to the file, which grows by itself. Main thread; never to be terminated while open.
 *
 * LMDB writes the pages of a transaction, has the disk say that they are there, and only then
 * writes which pages are valid. So a commit is whole or absent, whenever the power goes. (Its
 * `overlapping sync` would say "committed" before the disk did, and is off.)
 */
export class Database implements Tables {
  readonly path: string;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #tables: ReadonlyMap<TableName, Table<Buffer, Buffer>>;
  readonly #commits: CommitQueue;
  readonly #diskReserveBytes: number;
  #isClosed = false;

  private constructor(
    path: string,
    root: RootDatabase<Buffer, Buffer>,
    tables: ReadonlyMap<TableName, Table<Buffer, Buffer>>,
    options: DatabaseOptions,
  ) {
    this.path = path;
    this.#root = root;
    this.#tables = tables;
    this.#diskReserveBytes = options.limits.diskReserveBytes;
    this.#commits = new CommitQueue({
      ...options,
      commitGroup: (writes) => this.#commitGroup(writes),
      schedule: (run) => setImmediate(run),
      nowMs: () => performance.now(),
    });
  }

  /**
   * Opens a database, and makes what is missing of it.
   *
   * @param path a directory
   * @throws ServerError `unusableData`, `storageFull`
   */
  static open(path: string, options: DatabaseOptions): Database {
    try {
      checkDatabaseHeader(path);
      const root = openRoot(path, false);
      // In one transaction: each by itself would wait for the disk.
      const tables = root.transactionSync(() => tablesOf(root, tableNames));
      return new Database(path, root, tables, options);
    } catch (cause) {
      throw isFull(path, cause) ? storageError(path, cause) : unusable(path, cause);
    }
  }

  /**
   * Opens a database that is there to be read, also one that a server has open. A table that the
   * database does not have is empty.
   *
   * @throws ServerError `unusableData`
   */
  static openToRead(path: string, options: DatabaseOptions): Database {
    try {
      statSync(join(path, 'data.mdb'));
      checkDatabaseHeader(path);
      const root = openRoot(path, true);
      // The names of tables end with a zero byte.
      const present = new Set([...root.getKeys()].map((key) => key.toString('latin1')));
      const names = tableNames.filter((name) => present.has(`${name}\0`));
      return new Database(path, root, tablesOf(root, names), options);
    } catch (cause) {
      throw unusable(path, cause);
    }
  }

  get(table: TableName, key: Uint8Array): Uint8Array | null {
    this.#assertOpen();
    const pending = this.#commits.pending(table, key);
    if (pending !== undefined) return pending.value === null ? null : new Uint8Array(pending.value);
    return this.#tables.get(table)?.getBinary(asBuffer(key)) ?? null;
  }

  read<T>(range: KeyRange, decode: (key: Uint8Array, value: Uint8Array) => T): T[] {
    this.#assertOpen();
    const table = this.#tables.get(range.table);
    if (table === undefined || range.countMax <= 0) return [];
    const entries: T[] = [];
    for (const { key, value } of table.getRange(rangeOptionsOf(range))) {
      entries.push(decode(new Uint8Array(key), new Uint8Array(value)));
    }
    return entries;
  }

  keys(range: KeyRange): Uint8Array[] {
    this.#assertOpen();
    const table = this.#tables.get(range.table);
    if (table === undefined || range.countMax <= 0) return [];
    const keys: Uint8Array[] = [];
    for (const key of table.getKeys(rangeOptionsOf(range))) keys.push(new Uint8Array(key));
    return keys;
  }

  commit(writes: readonly Write[]): Promise<void> {
    return this.#commits.commit(writes);
  }

  commitBehind(writes: readonly Write[]): void {
    // Whoever opened the database was told of it.
    this.commit(writes).catch(() => undefined);
  }

  untilDurable(): Promise<void> {
    return this.#commits.untilDurable();
  }

  /**
   * Copies what is durable, without what is free in between. Others may write meanwhile.
   *
   * @param path of an empty directory
   * @throws ServerError `storageFull`, `storageFault`
   */
  async copyTo(path: string): Promise<void> {
    try {
      await this.#root.backup(path, true);
    } catch (cause) {
      throw storageError(path, cause);
    }
  }

  /** How long `data.mdb` has to be, by its own account. */
  get fileBytes(): number {
    const { pageSize, lastPageNumber } = this.#root.getStats() as DatabaseStats;
    return pageSize * (lastPageNumber + 1);
  }

  /** Writes what waits, then closes; whatever is written or read from now on is refused. */
  async close(): Promise<void> {
    await this.#commits.end();
    this.#isClosed = true;
    await this.#root.close();
  }

  /** Behind LMDB's back its memory must not be touched: the process would end. */
  #assertOpen(): void {
    if (this.#isClosed) throw closed();
  }

  async #commitGroup(writes: readonly Write[]): Promise<void> {
    // A commit that the disk takes in part may damage the memory of this process: it is not tried.
    const writtenBytes = writes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const neededBytes = this.#diskReserveBytes + pageBytesPerByte * writtenBytes;
    if (freeBytesAt(this.path) < neededBytes) throw storageFull(undefined);
    try {
      await this.#root.batch(() => {
        for (const { table: name, key, value } of writes) {
          const table = this.#tables.get(name);
          if (table === undefined) throw new Error(`the database has no table ${name}`);
          if (value === null) void table.remove(asBuffer(key));
          else void table.put(asBuffer(key), asBuffer(value));
        }
      });
    } catch (error) {
      throw storageError(this.path, await causeOf(error));
    }
  }
}

interface DatabaseStats {
  readonly pageSize: number;
  readonly lastPageNumber: number;
}

function openRoot(path: string, readOnly: boolean): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    path,
    readOnly,
    noSubdir: false,
    maxDbs: tablesMax,
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
    // Groups are made here, where it is known what failed with what.
    eventTurnBatching: false,
  });
}

function tablesOf(
  root: RootDatabase<Buffer, Buffer>,
  names: readonly TableName[],
): ReadonlyMap<TableName, Table<Buffer, Buffer>> {
  return new Map(
    names.map((name) => [
      name,
      root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' }),
    ]),
  );
}

function unusable(path: string, cause: unknown): ServerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError(
    'unusableData',
    `Cannot open the database ${path}: ${reason}. Run "rookery check", and restore a backup ` +
      'where it finds damage.',
    { cause },
  );
}

function rangeOptionsOf({ from, to, order, countMax, skip = 0 }: KeyRange): object {
  const both = { limit: countMax, offset: skip };
  return order === 'ascending'
    ? { ...both, start: asBuffer(from), end: asBuffer(to) }
    : {
        ...both,
        reverse: true,
        start: asBuffer(to),
        exclusiveStart: true,
        end: asBuffer(from),
        inclusiveEnd: true,
      };
}

/** LMDB says why a commit failed by another promise. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

function isFull(path: string, cause: unknown): boolean {
  if (cause instanceof Error && 'code' in cause && fullCodes.includes(cause.code)) return true;
  return freeBytesAt(path) < controlLimits.store.diskReserveBytes;
}

/** @returns bytes that the disk has for us; more than there are where it does not say */
function freeBytesAt(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

function storageError(path: string, cause: unknown): ServerError {
  if (isFull(path, cause)) return storageFull(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError('storageFault', `The server cannot write its data: ${reason}.`, { cause });
}

function storageFull(cause: unknown): ServerError {
  const text = 'There is no space left where the server keeps its data.';
  return new ServerError('storageFull', `${text} Nothing can be stored until there is.`, { cause });
}
