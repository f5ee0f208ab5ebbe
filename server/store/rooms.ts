import type { RoomInfo, Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { decodeRoom, encodeRoom } from './roomRecord.js';
import type { Tables } from './tables.js';

/** The rooms that outlive the server. */
export class Rooms {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** All rooms, in the order in which they were made. */
  list(): RoomInfo[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables
      .read({ table: 'rooms', order: 'ascending', ...range }, (key, value) =>
        decodeRoom(uuidFromBytes(key), value),
      )
      .sort((a, b) => a.createdAtMs - b.createdAtMs)
      .map(({ room }) => room);
  }

  find(roomId: Uuid): RoomInfo | null {
    const bytes = this.#tables.get('rooms', idKey(roomId));
    return bytes === null ? null : decodeRoom(roomId, bytes).room;
  }

  /**
   * Keeps a room as it is now.
   *
   * @param nowMs milliseconds since 1970; of a new room the time at which it was made
   * @throws ServerError `storageFull`, `storageBusy`, `storageFault`
   */
  async put(room: RoomInfo, nowMs: number): Promise<void> {
    const key = idKey(room.roomId);
    const before = this.#tables.get('rooms', key);
    const createdAtMs = before === null ? nowMs : decodeRoom(room.roomId, before).createdAtMs;
    await this.#tables.commit([{ table: 'rooms', key, value: encodeRoom({ room, createdAtMs }) }]);
  }

  /** @throws ServerError as put() */
  async remove(roomId: Uuid): Promise<void> {
    await this.#tables.commit([{ table: 'rooms', key: idKey(roomId), value: null }]);
  }
}
