import type { ReceiverListReader } from '../tables/receiverLists.js';

/**
 * The receivers of each room as this worker last read them; read again only when the list's
 * version has moved. Relay worker only; a packet to an unchanged room allocates nothing.
 */
export class Route {
  readonly #lists: ReceiverListReader;
  readonly #versions: Int32Array;
  readonly #receivers: (Uint32Array | null)[];

  constructor(lists: ReceiverListReader, roomsMax: number) {
    this.#lists = lists;
    // No list that can be read has an odd version.
    this.#versions = new Int32Array(roomsMax).fill(-1);
    this.#receivers = new Array<Uint32Array | null>(roomsMax).fill(null);
  }

  /**
   * Tokens of all who hear the room; the sender is among them unless it is deafened.
   *
   * @returns valid until the next call; null where the list changed during every try to read it
   */
  receiversOf(roomIndex: number): Uint32Array | null {
    const version = this.#lists.version(roomIndex);
    if (version !== this.#versions[roomIndex]) {
      this.#receivers[roomIndex] = this.#lists.read(roomIndex);
      // The list may be newer than the version taken before it: then it is read once more.
      this.#versions[roomIndex] = this.#receivers[roomIndex] === null ? -1 : version;
    }
    return this.#receivers[roomIndex]!;
  }
}
