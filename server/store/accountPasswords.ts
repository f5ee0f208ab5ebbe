import type { Uuid } from '@rookery/schemas/messages';
import { idKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

const version = 1;

export function encodeAccountPassword(hash: string): Uint8Array {
  return new RecordWriter(version).text(hash).finish();
}

/** @throws ServerError `unusableData` */
export function decodeAccountPassword(bytes: Uint8Array): string {
  const reader = new RecordReader('the password of an account', bytes, version);
  const hash = reader.text();
  reader.finish();
  return hash;
}

/** Argon2id hashes of the passwords that some users have beside their key. */
export class AccountPasswords {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @returns the hash as text, or null where the user has no password */
  find(userId: Uuid): string | null {
    const bytes = this.#tables.get('accountPasswords', idKey(userId));
    return bytes === null ? null : decodeAccountPassword(bytes);
  }

  /** @param hash null removes it. Throws as those of messages.ts do */
  async put(userId: Uuid, hash: string | null): Promise<void> {
    const value = hash === null ? null : encodeAccountPassword(hash);
    await this.#tables.commit([{ table: 'accountPasswords', key: idKey(userId), value }]);
  }
}
