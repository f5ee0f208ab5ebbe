import { FrameType } from '@rookery/schemas/frameType';
import type { RoomMessage, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { expect, it } from 'vitest';
import { withAllRead, withMessageCounted, type UnreadRooms } from './unreadCounts.js';

const [ada, bob, games] = [newUuid(), newUuid(), newUuid()];
const idAt = (atMs: number): Uuid => newTimeOrderedUuid(1_800_000_000_000 + atMs);

function message(userId: Uuid, messageId: Uuid, mentionedIds: readonly Uuid[] = []): RoomMessage {
  return {
    ...{ type: FrameType.RoomMessage, messageId, roomId: games, userId, displayName: 'Somebody' },
    ...{ text: 'x', sentAtMs: 0, clientMessageId: newUuid(), replyToId: null, mentionedIds },
    ...{ attachmentIds: [], editedAtMs: null, deleted: false, reactions: [] },
  };
}

it('counts messages of others, and who is mentioned, each once', () => {
  const [first, second, third] = [idAt(1), idAt(2), idAt(3)];
  let rooms: UnreadRooms = new Map();
  rooms = withMessageCounted(rooms, message(ada, first), bob);
  rooms = withMessageCounted(rooms, message(bob, second, [bob]), bob);
  rooms = withMessageCounted(rooms, message(ada, third, [ada, bob]), bob);
  const counted = { roomId: games, readId: null, unread: 2, mentions: 1, latestId: third };
  expect(rooms.get(games)).toEqual(counted);
  rooms = withMessageCounted(rooms, message(ada, first), bob);
  expect(rooms.get(games)).toEqual(counted);
  rooms = withAllRead(rooms, games, third);
  expect(rooms.get(games)).toEqual({ ...counted, readId: third, unread: 0, mentions: 0 });
});

it('counts no further than the server does', () => {
  let rooms: UnreadRooms = new Map();
  for (let at = 0; at < 2 * fieldLimits.unreadMax; at++) {
    rooms = withMessageCounted(rooms, message(ada, idAt(at)), bob);
  }
  expect(rooms.get(games)?.unread).toBe(fieldLimits.unreadMax);
});
