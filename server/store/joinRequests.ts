import type { JoinRequest, Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

/** Somebody who wanted to come in and is not registered. */
export interface KeptRequest extends JoinRequest {
  /** When the answer was no, in milliseconds since 1970; 0 while there is no answer. */
  readonly deniedMs: number;
}

const version = 1;

export function encodeJoinRequest({ displayName, askedMs, deniedMs }: KeptRequest): Uint8Array {
  return new RecordWriter(version).text(displayName).time(askedMs).time(deniedMs).finish();
}

/** @throws ServerError `unusableData` */
export function decodeJoinRequest(userId: Uuid, bytes: Uint8Array): KeptRequest {
  const reader = new RecordReader('a wish to be let in', bytes, version);
  const displayName = reader.text();
  const request = { userId, displayName, askedMs: reader.time(), deniedMs: reader.time() };
  reader.finish();
  return request;
}

/** Those who wait to be let in, by user id. Writes throw as those of messages.ts do. */
export class JoinRequests {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(userId: Uuid): KeptRequest | null {
    const bytes = this.#tables.get('joinRequests', idKey(userId));
    return bytes === null ? null : decodeJoinRequest(userId, bytes);
  }

  /** All of them, in no order that means anything. */
  list(): KeptRequest[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read(
      { table: 'joinRequests', order: 'ascending', ...range },
      (key, value) => decodeJoinRequest(uuidFromBytes(key), value),
    );
  }

  async put(request: KeptRequest, removed: readonly Uuid[] = []): Promise<void> {
    await this.#tables.commit([
      ...removed.map(removal),
      { table: 'joinRequests', key: idKey(request.userId), value: encodeJoinRequest(request) },
    ]);
  }

  async remove(userId: Uuid): Promise<void> {
    await this.#tables.commit([removal(userId)]);
  }
}

function removal(userId: Uuid): Write {
  return { table: 'joinRequests', key: idKey(userId), value: null };
}
