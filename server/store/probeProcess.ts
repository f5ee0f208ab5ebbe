import { readingOptions } from './backup.js';
import { Database } from './database.js';
import { highestKey, lowestKey } from './keys.js';
import { tableNames, type TableName } from './tables.js';

// A process of its own: LMDB ends it where the structure of a database is damaged. It walks through
// all keys, and so through all pages but those of long values; well where it ends with code 0.

const pageEntries = 1_000;

const database = Database.openToRead(process.argv[2] ?? '', readingOptions);
for (const table of tableNames) walk(table);
await database.close();
process.disconnect();

function walk(table: TableName): void {
  let from = lowestKey;
  for (;;) {
    const range = {
      table,
      from,
      to: highestKey,
      order: 'ascending',
      countMax: pageEntries,
    } as const;
    const keys = database.keys(range);
    const last = keys.at(-1);
    if (last === undefined || keys.length < pageEntries) return;
    // The first key that sorts behind it.
    from = Uint8Array.of(...last, 0);
  }
}
