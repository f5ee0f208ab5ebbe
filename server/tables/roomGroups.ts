/** Rooms that are heard together, by row, and the row of the list of who hears them. */
export interface RoomGroup {
  readonly rooms: readonly number[];
  /** One of `rooms`. */
  readonly list: number;
}

/** What a change of groups takes: those to be published, then lists that nobody reads any more. */
export interface Regrouping {
  readonly formed: readonly RoomGroup[];
  readonly emptied: readonly number[];
}

/** Which rooms are heard together: each room is in one group, at first alone. Pure. */
export class RoomGroups {
  readonly #groups: RoomGroup[];

  constructor(rooms: number) {
    this.#groups = Array.from({ length: rooms }, (_room, row) => ({ rooms: [row], list: row }));
  }

  of(room: number): RoomGroup {
    return this.#groups[room]!;
  }

  /**
   * Makes these rooms one group. Those that were with one of them until now stay with each other:
   * where they are not heard together, they are told apart by another call.
   */
  join(rooms: readonly number[]): Regrouping {
    const joined = new Set(rooms);
    const before = new Set(rooms.map((room) => this.of(room)));
    const [only] = before;
    if (before.size === 1 && only!.rooms.length === joined.size) return nothing;
    const formed: RoomGroup[] = [];
    const listsBefore = Array.from(before, ({ list }) => list);
    for (const group of before) {
      const left = group.rooms.filter((room) => !joined.has(room));
      if (left.length > 0) formed.push(this.#form(left, listsBefore));
    }
    formed.push(this.#form([...joined], listsBefore));
    const lists = new Set(formed.map(({ list }) => list));
    return { formed, emptied: listsBefore.filter((list) => !lists.has(list)) };
  }

  /** Where one of the rooms has the list already, it keeps it: nobody is sent elsewhere then. */
  #form(rooms: readonly number[], listsBefore: readonly number[]): RoomGroup {
    const list = rooms.find((room) => listsBefore.includes(room)) ?? rooms[0]!;
    const group = { rooms, list };
    for (const room of rooms) this.#groups[room] = group;
    return group;
  }
}

const nothing: Regrouping = { formed: [], emptied: [] };
