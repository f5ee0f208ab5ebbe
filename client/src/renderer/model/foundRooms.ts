import type { RoomInfo, Uuid } from '@rookery/schemas/messages';

/** A room that was looked for. */
export interface FoundRoom {
  readonly roomId: Uuid;
  readonly name: string;
  /** The rooms around it, from the outermost; '' for the root. */
  readonly within: string;
}

/** More than anybody reads; who looks for another one writes more of its name. */
const foundMax = 100;
/** Deeper than any tree of sense; a server must not be able to keep the page busy. */
const depthMax = 64;

/** Rooms with this in their name or in that of a room around them. */
export function foundRooms(
  rooms: ReadonlyMap<Uuid, RoomInfo>,
  wanted: string,
  fits: (room: RoomInfo) => boolean,
): readonly FoundRoom[] {
  const part = wanted.trim().toLocaleLowerCase();
  const all = [...rooms.values()].filter(fits).map((room): FoundRoom => ({
    roomId: room.roomId,
    name: room.name,
    within: around(rooms, room),
  }));
  const isFound = ({ name, within }: FoundRoom): boolean =>
    `${within} / ${name}`.toLocaleLowerCase().includes(part);
  const byPlace = (a: FoundRoom, b: FoundRoom): number =>
    `${a.within} / ${a.name}`.localeCompare(`${b.within} / ${b.name}`, undefined, {
      numeric: true,
    });
  return all.filter(isFound).sort(byPlace).slice(0, foundMax);
}

function around(rooms: ReadonlyMap<Uuid, RoomInfo>, { parentId }: RoomInfo): string {
  const names: string[] = [];
  let room = parentId === null ? undefined : rooms.get(parentId);
  while (room !== undefined && names.length < depthMax) {
    names.unshift(room.name);
    room = room.parentId === null ? undefined : rooms.get(room.parentId);
  }
  return names.join(' / ');
}
