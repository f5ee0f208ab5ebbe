import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** Somebody whom the server itself shut out for a while, because too much failed. */
export interface StoredTemporaryBan {
  /** Grows with time. */
  readonly banId: Uuid;
  readonly of: 'user' | 'address';
  /** A user id, or what stands for an address (`sourceKey`). */
  readonly key: string;
  /** The failure that was one too many. */
  readonly cause: string;
  /** How often it was shut out lately, this time included; 255 stands for more as well. */
  readonly bans: number;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

const version = 1;
const bansMax = 255;
const kinds = { user: 0, address: 1 } as const;

export function encodeTemporaryBan(ban: StoredTemporaryBan): Uint8Array {
  return new RecordWriter(version)
    .u8(kinds[ban.of])
    .u8(Math.min(ban.bans, bansMax))
    .time(ban.sinceMs)
    .time(ban.untilMs)
    .text(ban.key)
    .text(ban.cause)
    .finish();
}

/** @throws ServerError `unusableData` */
export function decodeTemporaryBan(banId: Uuid, bytes: Uint8Array): StoredTemporaryBan {
  const reader = new RecordReader('a temporary ban', bytes, version);
  const kind = reader.u8();
  const bans = reader.u8();
  const times = { sinceMs: reader.time(), untilMs: reader.time() };
  const names = { key: reader.text(), cause: reader.text() };
  reader.finish();
  if (kind !== kinds.user && kind !== kinds.address) throw reader.damaged('bans nobody');
  if (bans === 0 || times.untilMs < times.sinceMs) throw reader.damaged('ends before it begins');
  return { banId, of: kind === kinds.user ? 'user' : 'address', bans, ...times, ...names };
}

/** Those who are shut out, and those of whom it is remembered that they were. */
export class TemporaryBansTable {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** In the order in which they were made. */
  list(): StoredTemporaryBan[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read(
      { table: 'temporaryBans', order: 'ascending', ...range },
      (key, value) => decodeTemporaryBan(uuidFromBytes(key), value),
    );
  }

  /** Nobody waits for it: somebody who fails again is shut out again. */
  put(ban: StoredTemporaryBan): void {
    const value = encodeTemporaryBan(ban);
    this.#tables.commitBehind([{ table: 'temporaryBans', key: idKey(ban.banId), value }]);
  }

  /** As put(). */
  remove(banId: Uuid): void {
    this.#tables.commitBehind([{ table: 'temporaryBans', key: idKey(banId), value: null }]);
  }
}
