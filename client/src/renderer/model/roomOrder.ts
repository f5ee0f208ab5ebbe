import type { RoomInfo, Uuid } from '@rookery/schemas/messages';

/**
 * Positions with which a room stands one place earlier or later among its siblings. Pure.
 *
 * @param siblings as they stand now, the room among them
 * @returns of those rooms whose position becomes another; none where it stands at the end already
 */
export function positionsAfterStep(
  siblings: readonly Pick<RoomInfo, 'roomId' | 'position'>[],
  roomId: Uuid,
  step: 1 | -1,
): ReadonlyMap<Uuid, number> {
  const at = siblings.findIndex((room) => room.roomId === roomId);
  const target = at + step;
  if (at < 0 || target < 0 || target >= siblings.length) return new Map();
  const order = [...siblings];
  [order[at], order[target]] = [order[target]!, order[at]!];
  const changed = order.map((room, place) => [room, place] as const);
  return new Map(
    changed
      .filter(([room, place]) => room.position !== place)
      .map(([room, place]) => [room.roomId, place]),
  );
}

/** Whether a room is another one, or below it: it cannot be moved there. */
export function isWithin(rooms: ReadonlyMap<Uuid, RoomInfo>, roomId: Uuid, outerId: Uuid): boolean {
  let at: Uuid | null = roomId;
  for (let steps = 0; at !== null && steps <= rooms.size; steps++) {
    if (at === outerId) return true;
    at = rooms.get(at)?.parentId ?? null;
  }
  return false;
}
