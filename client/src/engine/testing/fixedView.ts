import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import type { View } from '../view.js';

/** A view that shows everybody, and stays as it is. @param own token of the own session, or null */
export function fixedView(
  rooms: readonly RoomInfo[],
  sessions: readonly SessionInfo[],
  own: number | null = null,
): View {
  const byToken = new Map(sessions.map((session) => [session.sessionToken, session]));
  const membersOf: View['membersOf'] = (roomId) =>
    new Map([...byToken].filter(([, session]) => session.roomId === roomId));
  return {
    version: 1,
    rooms: new Map(rooms.map((room) => [room.roomId, room])),
    sessions: byToken,
    own: own === null ? null : (byToken.get(own) ?? null),
    showsEverybody: true,
    membersOf,
    peopleIn: (roomId) => membersOf(roomId)?.size ?? 0,
  };
}
