import type { Uuid } from '@rookery/schemas/messages';
import { idKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

const version = 1;

/** The room that each user was in last. Nobody waits for these writes: moving needs no disk. */
export class LastRooms {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @returns null where the user left the last one, or never was in any; it may be gone */
  find(userId: Uuid): Uuid | null {
    const bytes = this.#tables.get('lastRooms', idKey(userId));
    return bytes === null ? null : decodeLastRoom(bytes);
  }

  note(userId: Uuid, roomId: Uuid | null): void {
    const value = roomId === null ? null : new RecordWriter(version).uuid(roomId).finish();
    this.#tables.commitBehind([{ table: 'lastRooms', key: idKey(userId), value }]);
  }
}

/** @throws ServerError `unusableData` */
export function decodeLastRoom(bytes: Uint8Array): Uuid {
  const reader = new RecordReader('a last room', bytes, version);
  const roomId = reader.uuid();
  reader.finish();
  return roomId;
}
