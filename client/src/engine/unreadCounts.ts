import type { RoomMessage, UnreadRoom, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';

/** What is unread, by room or talk. */
export type UnreadRooms = ReadonlyMap<Uuid, UnreadRoom>;

/** Rooms that are counted, those with the newest messages. */
const roomsMax = 1_024;

/**
 * @param ownId whose messages are not unread
 * @returns what is unread with a new message; counting one twice does no harm
 */
export function withMessageCounted(
  rooms: UnreadRooms,
  { roomId, messageId, userId, mentionedIds }: RoomMessage,
  ownId: Uuid,
): UnreadRooms {
  const before = rooms.get(roomId) ?? nothingUnread(roomId);
  if (before.latestId !== null && messageId <= before.latestId) return rooms;
  const isOthers = userId !== ownId;
  const isMention = isOthers && mentionedIds.includes(ownId);
  return withRoom(rooms, {
    ...before,
    latestId: messageId,
    unread: Math.min(before.unread + Number(isOthers), fieldLimits.unreadMax),
    mentions: Math.min(before.mentions + Number(isMention), fieldLimits.unreadMax),
  });
}

/** @returns what is unread where the newest message of a room was read. */
export function withAllRead(rooms: UnreadRooms, roomId: Uuid, readId: Uuid): UnreadRooms {
  const before = rooms.get(roomId) ?? nothingUnread(roomId);
  const latestId = before.latestId ?? readId;
  return withRoom(rooms, { roomId, readId, latestId, unread: 0, mentions: 0 });
}

/** @returns what is unread with a room as the server counts it. */
export function withRoom(rooms: UnreadRooms, room: UnreadRoom): UnreadRooms {
  const next = new Map(rooms);
  next.delete(room.roomId);
  next.set(room.roomId, room);
  const [oldest] = next.keys();
  if (next.size > roomsMax && oldest !== undefined) next.delete(oldest);
  return next;
}

function nothingUnread(roomId: Uuid): UnreadRoom {
  return { roomId, readId: null, unread: 0, mentions: 0, latestId: null };
}
