import type { RoomInfo, SessionInfo, Uuid } from './messages.js';

/** Rooms by id, as far as their links matter. */
export type LinkedRooms = Pick<ReadonlyMap<Uuid, Pick<RoomInfo, 'linkedRoomIds'>>, 'get'>;

/**
 * The rooms that are heard together with a room: itself, those that it is linked to, and on over
 * the links of those. Pure; costs as much as it finds.
 *
 * @returns none where there is no such room
 */
export function roomsHeardTogether(rooms: LinkedRooms, roomId: Uuid): Uuid[] {
  if (rooms.get(roomId) === undefined) return [];
  const found = new Set([roomId]);
  // Rooms are added while the loop runs, until none leads to others.
  for (const id of found) {
    for (const linkedId of rooms.get(id)?.linkedRoomIds ?? []) {
      if (rooms.get(linkedId) !== undefined) found.add(linkedId);
    }
  }
  return [...found];
}

/** All rooms whose voice a session hears: those heard where it is, and where it listens. Pure. */
export function roomsHeardBy(
  rooms: LinkedRooms,
  { roomId, listeningTo }: Pick<SessionInfo, 'roomId' | 'listeningTo'>,
): Set<Uuid> {
  const heard = new Set<Uuid>();
  for (const from of roomId === null ? listeningTo : [roomId, ...listeningTo]) {
    if (heard.has(from)) continue;
    for (const id of roomsHeardTogether(rooms, from)) heard.add(id);
  }
  return heard;
}
