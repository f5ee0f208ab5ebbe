import type { Uuid } from '@rookery/schemas/messages';
import { idKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** What others made of a user, over all sessions. */
export interface KeptModeration {
  readonly muted: boolean;
  readonly deafened: boolean;
}

const version = 1;
const flags = { muted: 1, deafened: 2 } as const;

export function encodeModeration({ muted, deafened }: KeptModeration): Uint8Array {
  const bits = (muted ? flags.muted : 0) | (deafened ? flags.deafened : 0);
  return new RecordWriter(version).u8(bits).finish();
}

/** @throws ServerError `unusableData` */
export function decodeModeration(bytes: Uint8Array): KeptModeration {
  const reader = new RecordReader('what a user is kept from', bytes, version);
  const bits = reader.u8();
  reader.finish();
  return { muted: (bits & flags.muted) !== 0, deafened: (bits & flags.deafened) !== 0 };
}

/** Who is muted or deafened by others. There is a record of those alone. */
export class UserModerations {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(userId: Uuid): KeptModeration {
    const bytes = this.#tables.get('userModeration', idKey(userId));
    return bytes === null ? { muted: false, deafened: false } : decodeModeration(bytes);
  }

  /** Resolves once it is durable. @throws ServerError of the store */
  async put(userId: Uuid, kept: KeptModeration): Promise<void> {
    const value = kept.muted || kept.deafened ? encodeModeration(kept) : null;
    await this.#tables.commit([{ table: 'userModeration', key: idKey(userId), value }]);
  }
}
