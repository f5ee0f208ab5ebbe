import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

/** Somebody, or some addresses, that are kept away. */
export interface StoredBan {
  /** Grows with time. */
  readonly banId: Uuid;
  /** null where only addresses are banned. */
  readonly userId: Uuid | null;
  /** 16 bytes and how many bits of them count; null where only a user is banned. */
  readonly range: { readonly bytes: Uint8Array; readonly prefixBits: number } | null;
  readonly reason: string;
  /** Who made it. */
  readonly byId: Uuid;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** null where it does not end by itself. */
  readonly expiresAtMs: number | null;
}

const version = 1;
const flags = { hasUser: 1, hasRange: 2, expires: 4 } as const;
const addressBytes = 16;

export function encodeBan(ban: StoredBan): Uint8Array {
  const { userId, range, expiresAtMs } = ban;
  const writer = new RecordWriter(version).u8(
    (userId === null ? 0 : flags.hasUser) |
      (range === null ? 0 : flags.hasRange) |
      (expiresAtMs === null ? 0 : flags.expires),
  );
  if (userId !== null) writer.uuid(userId);
  if (range !== null) writer.bytes(range.bytes).u8(range.prefixBits);
  if (expiresAtMs !== null) writer.time(expiresAtMs);
  return writer.uuid(ban.byId).time(ban.createdAtMs).text(ban.reason).finish();
}

/** @throws ServerError `unusableData` */
export function decodeBan(banId: Uuid, bytes: Uint8Array): StoredBan {
  const reader = new RecordReader('a ban', bytes, version);
  const flagBits = reader.u8();
  const has = (flag: number): boolean => (flagBits & flag) !== 0;
  const userId = has(flags.hasUser) ? reader.uuid() : null;
  const range = has(flags.hasRange)
    ? { bytes: reader.bytes(addressBytes), prefixBits: reader.u8() }
    : null;
  const expiresAtMs = has(flags.expires) ? reader.time() : null;
  const by = { byId: reader.uuid(), createdAtMs: reader.time(), reason: reader.text() };
  reader.finish();
  if (userId === null && range === null) throw reader.damaged('bans nobody');
  return { banId, userId, range, expiresAtMs, ...by };
}

/** The bans that were made and not lifted, also those whose time is over. */
export class Bans {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** In the order in which they were made. */
  list(): StoredBan[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'bans', order: 'ascending', ...range }, (key, value) =>
      decodeBan(uuidFromBytes(key), value),
    );
  }

  /** Resolves once it is durable. @throws ServerError of the store */
  async put(ban: StoredBan): Promise<void> {
    await this.#tables.commit([banWrite(ban.banId, encodeBan(ban))]);
  }

  /** As put(). */
  async remove(banId: Uuid): Promise<void> {
    await this.#tables.commit([banWrite(banId, null)]);
  }

  /** Nobody waits for it. */
  forget(bans: readonly Pick<StoredBan, 'banId'>[]): void {
    this.#tables.commitBehind(bans.map(({ banId }) => banWrite(banId, null)));
  }
}

function banWrite(banId: Uuid, value: Uint8Array | null): Write {
  return { table: 'bans', key: idKey(banId), value };
}
