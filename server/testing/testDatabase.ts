import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerError } from '../errors.js';
import { controlLimits, type StoreLimits } from '../limits.js';
import { Database } from '../store/database.js';

/** A database in a directory of its own, and what it said of writing. */
export interface TestDatabase {
  readonly database: Database;
  readonly directory: string;
  readonly faults: ServerError[];
  readonly recovered: () => number;
  /** Closes it and opens it again. */
  readonly reopen: () => Promise<Database>;
  readonly remove: () => Promise<void>;
}

/** @param parent where it is to be; a temporary folder where nothing is given */
export function openTestDatabase(
  limits: Partial<StoreLimits> = {},
  parent = tmpdir(),
): TestDatabase {
  const directory = mkdtempSync(join(parent, 'rookery-database-'));
  const faults: ServerError[] = [];
  let recovered = 0;
  const options = {
    limits: { ...controlLimits.store, ...limits },
    onFault: (error: ServerError) => void faults.push(error),
    onRecovered: () => void (recovered += 1),
  };
  const path = join(directory, 'database');
  let database = Database.open(path, options);
  return {
    get database() {
      return database;
    },
    directory,
    faults,
    recovered: () => recovered,
    reopen: async () => {
      await database.close();
      database = Database.open(path, options);
      return database;
    },
    remove: async () => {
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}
