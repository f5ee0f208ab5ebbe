import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { decodeAuditEntry, encodeAuditEntry, type StoredAuditEntry } from './auditRecord.js';
import { highestKey, idKey, lowestKey } from './keys.js';
import { MessageIds } from './messageIds.js';
import type { KeyRange, Tables } from './tables.js';

const everything = { table: 'audit', from: lowestKey, to: highestKey } as const;

/** The entries of the audit log, in the order in which they were written. */
export class AuditEntries {
  readonly #tables: Tables;
  readonly #ids: MessageIds;
  #count: number;
  #written: Promise<void> = Promise.resolve();

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#count = tables.keys({ ...everything, order: 'ascending', countMax: Infinity }).length;
    const [last] = tables.keys({ ...everything, order: 'descending', countMax: 1 });
    this.#ids = new MessageIds(last === undefined ? null : uuidFromBytes(last));
  }

  get count(): number {
    return this.#count;
  }

  /** Part of whatever else is written in this turn of the event loop; nobody waits for it. */
  append(entry: Omit<StoredAuditEntry, 'auditId'>): void {
    const auditId = this.#ids.next(entry.atMs);
    const value = encodeAuditEntry({ ...entry, auditId });
    const written = this.#tables.commit([{ table: 'audit', key: idKey(auditId), value }]);
    // What fails is in the log of the server, and the change that it tells of fails with it.
    this.#written = written.catch(() => undefined);
    this.#count += 1;
  }

  /** Resolves once all that was appended can be read, or is lost. */
  settled(): Promise<void> {
    return this.#written;
  }

  /** Entries before one of an id, which need not be there, or the newest; the newest first. */
  before(auditId: Uuid | null, countMax: number): StoredAuditEntry[] {
    const to = auditId === null ? highestKey : idKey(auditId);
    return this.#read({ ...everything, to, order: 'descending', countMax });
  }

  oldest(countMax: number): StoredAuditEntry[] {
    return this.#read({ ...everything, order: 'ascending', countMax });
  }

  /** @param entries that are there */
  remove(entries: readonly Pick<StoredAuditEntry, 'auditId'>[]): void {
    this.#tables.commitBehind(
      entries.map(({ auditId }) => ({ table: 'audit', key: idKey(auditId), value: null })),
    );
    this.#count -= entries.length;
  }

  #read(range: KeyRange): StoredAuditEntry[] {
    return this.#tables.read(range, (key, value) => decodeAuditEntry(uuidFromBytes(key), value));
  }
}
