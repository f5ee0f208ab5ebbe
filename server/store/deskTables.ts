import { ServerError } from '../errors.js';
import { accessChecks } from './checkAccess.js';
import { accountChecks } from './checkAccounts.js';
import type { EntryCheck } from './checkData.js';
import { moderationChecks } from './checkModeration.js';
import { highestKey, lowestKey } from './keys.js';
import type { TableName, Tables } from './tables.js';

/** Of all that is kept of access, moderation and accounts. */
export const deskChecks = { ...accessChecks, ...moderationChecks, ...accountChecks } as const;

const pageEntries = 1_000;

/**
 * Reads a table to its end, a page at a time.
 *
 * @returns how many entries it has
 */
export function visitEntries(
  tables: Tables,
  table: TableName,
  visit: (key: Uint8Array, value: Uint8Array) => void,
): number {
  const range = { table, to: highestKey, order: 'ascending', countMax: pageEntries } as const;
  let from = lowestKey;
  let count = 0;
  for (;;) {
    const page = tables.read({ ...range, from }, (key, value) => ({ key, value }));
    for (const { key, value } of page) visit(key, value);
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < pageEntries) return count;
    // The first key that sorts behind it.
    from = Uint8Array.of(...last.key, 0);
  }
}

/** How messages name an entry. */
export function nameOfEntry(table: TableName, key: Uint8Array): string {
  return `${table} ${Buffer.from(key).toString('hex')}`;
}

/**
 * Reads all that is kept of access, moderation and accounts once. Who may do what must not be
 * guessed, and a record that is read when somebody logs in must not end the server then.
 *
 * @throws ServerError `unusableData` for the first entry that cannot be read
 */
export function assertDesksReadable(tables: Tables): void {
  const checks: Readonly<Record<string, EntryCheck>> = deskChecks;
  for (const table of Object.keys(deskChecks) as (keyof typeof deskChecks)[]) {
    visitEntries(tables, table, (key, value) => {
      try {
        checks[table]!(tables, key, value);
      } catch (cause) {
        const text = `The entry ${nameOfEntry(table, key)} of the database cannot be read: `;
        throw new ServerError('unusableData', text + adviceOf(cause), { cause });
      }
    });
  }
}

function adviceOf(cause: unknown): string {
  // That of a record says already what to do.
  if (cause instanceof ServerError) return cause.message;
  const what = cause instanceof Error ? cause.message : String(cause);
  return `${what}. Run "rookery check", and restore a backup.`;
}
