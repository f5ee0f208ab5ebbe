import type { Uuid } from '@rookery/schemas/messages';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** What is kept of the tickets of one user. */
export interface TicketRecord {
  /** Hash of the newest, 32 bytes. */
  readonly current: Uint8Array;
  /** Of the one before, which is good until the newest was used; the same where there is none. */
  readonly previous: Uint8Array;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

const version = 1;
const hashBytes = 32;
const pageEntries = 1_000;

export function encodeTicket({ current, previous, expiresAtMs }: TicketRecord): Uint8Array {
  return new RecordWriter(version).bytes(current).bytes(previous).time(expiresAtMs).finish();
}

/** @throws ServerError `unusableData` */
export function decodeTicket(bytes: Uint8Array): TicketRecord {
  const reader = new RecordReader('a ticket', bytes, version);
  const record = {
    current: reader.bytes(hashBytes),
    previous: reader.bytes(hashBytes),
    expiresAtMs: reader.time(),
  };
  reader.finish();
  return record;
}

/** Hashes of the tickets by which users come back: one record a user. */
export class Tickets {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(userId: Uuid): TicketRecord | null {
    const bytes = this.#tables.get('tickets', idKey(userId));
    return bytes === null ? null : decodeTicket(bytes);
  }

  /** Resolves once it is durable. @throws ServerError of the store */
  async put(userId: Uuid, record: TicketRecord): Promise<void> {
    const value = encodeTicket(record);
    await this.#tables.commit([{ table: 'tickets', key: idKey(userId), value }]);
  }

  /** Nobody waits for it. @param nowMs milliseconds since 1970 */
  removeExpired(nowMs: number): void {
    const range = { table: 'tickets', to: highestKey, order: 'ascending' } as const;
    let from = lowestKey;
    for (;;) {
      const page = this.#tables.read({ ...range, from, countMax: pageEntries }, (key, value) => ({
        key,
        isExpired: decodeTicket(value).expiresAtMs <= nowMs,
      }));
      const expired = page.filter(({ isExpired }) => isExpired);
      if (expired.length > 0) {
        this.#tables.commitBehind(
          expired.map(({ key }) => ({ table: 'tickets', key, value: null })),
        );
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageEntries) return;
      // The first key that sorts behind it.
      from = Uint8Array.of(...last.key, 0);
    }
  }
}
