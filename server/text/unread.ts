import type { UnreadRoom, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { Messages } from '../store/messages.js';
import type { ReadMarks } from '../store/readMarks.js';

/**
 * Counts what somebody did not read of a room or talk: messages of others that are still there, as
 * many as `fieldLimits.unreadMax` of them. It costs at most twice as many reads.
 */
export function unreadOf(
  store: { readonly messages: Messages; readonly readMarks: ReadMarks },
  userId: Uuid,
  roomId: Uuid,
): UnreadRoom {
  const { readId } = store.readMarks.find(userId, roomId);
  const [latest = null] = store.messages.before(roomId, null, 1);
  const latestId = latest?.messageId ?? null;
  const { unreadMax } = fieldLimits;
  const since = store.messages
    .after(roomId, readId, 2 * unreadMax)
    .filter((message) => message.userId !== userId && message.deletedAtMs === null)
    .slice(0, unreadMax);
  const mentions = since.filter(({ mentionedIds }) => mentionedIds.includes(userId)).length;
  return { roomId, readId, unread: since.length, mentions, latestId };
}
