import { ServerError } from '../errors.js';
import { readingOptions } from '../store/backup.js';
import { Database } from '../store/database.js';
import { readVersion } from '../store/migrate.js';
import { newestMessageMs } from '../store/newestMessage.js';

// A process of its own: LMDB ends it where the structure of a database is damaged. It sends one
// message and ends.

/** What was found, or why nothing could be, and what to do. */
export type LookMessage =
  | {
      readonly kind: 'opened';
      /** By its own account; null where it does not say. */
      readonly version: number | null;
      readonly newestMessageMs: number | null;
    }
  | { readonly kind: 'broken'; readonly reason: string };

const look = await lookInto(process.argv[2] ?? '');
process.send?.(look, undefined, undefined, () => process.disconnect());

async function lookInto(path: string): Promise<LookMessage> {
  let database: Database | null = null;
  try {
    database = Database.openToRead(path, readingOptions);
    return {
      kind: 'opened',
      version: readVersion(database),
      newestMessageMs: newestMessageMs(database),
    };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { kind: 'broken', reason: error.message };
  } finally {
    await database?.close();
  }
}
