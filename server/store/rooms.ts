import type { RoomInfo, Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RoomLinks } from './roomLinks.js';
import { decodeRoom, encodeRoom, type KeptRoom } from './roomRecord.js';
import type { Tables } from './tables.js';

/** The rooms that outlive the server. */
export class Rooms {
  readonly links: RoomLinks;
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.links = new RoomLinks(tables);
  }

  /** All rooms, in the order in which they were made. */
  list(): RoomInfo[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    const links = this.links.all();
    return this.#tables
      .read({ table: 'rooms', order: 'ascending', ...range }, (key, value) =>
        decodeRoom(uuidFromBytes(key), value),
      )
      .sort((a, b) => a.createdAtMs - b.createdAtMs)
      .map(({ room }) => ({ ...room, linkedRoomIds: links.get(room.roomId) ?? [] }));
  }

  find(roomId: Uuid): KeptRoom | null {
    const bytes = this.#tables.get('rooms', idKey(roomId));
    return bytes === null ? null : decodeRoom(roomId, bytes).room;
  }

  /**
   * Keeps a room as it is now, but for its links.
   *
   * @param nowMs milliseconds since 1970; of a new room the time at which it was made
   * @throws ServerError `storageFull`, `storageBusy`, `storageFault`
   */
  async put(room: KeptRoom, nowMs: number): Promise<void> {
    const key = idKey(room.roomId);
    const before = this.#tables.get('rooms', key);
    const createdAtMs = before === null ? nowMs : decodeRoom(room.roomId, before).createdAtMs;
    await this.#tables.commit([{ table: 'rooms', key, value: encodeRoom({ room, createdAtMs }) }]);
  }

  /** Its links go with it. @throws ServerError as put() */
  async remove(roomId: Uuid): Promise<void> {
    const removal = { table: 'rooms', key: idKey(roomId), value: null } as const;
    await this.#tables.commit([removal, ...this.links.removalOf(roomId)]);
  }
}
