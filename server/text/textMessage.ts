import type { Reaction, TextMessage, Uuid } from '@rookery/schemas/messages';
import type { StoredMessage } from '../store/messageRecord.js';
import type { Reactions } from '../store/reactions.js';

/** A message that nobody has reacted to, as it goes to people. */
export function newTextMessage(message: StoredMessage): TextMessage {
  return textMessageOf(message, []);
}

/** A message as it goes to one of its readers, who may have reacted to it. */
export function textMessageFor(
  message: StoredMessage,
  userId: Uuid,
  reactions: Pick<Reactions, 'of'>,
): TextMessage {
  if (message.reactions.length === 0) return newTextMessage(message);
  const own = reactions.of(message.roomId, message.messageId, userId);
  const shown = message.reactions.map(({ emoji, count }) => ({
    emoji,
    count,
    mine: own.includes(emoji),
  }));
  return textMessageOf(message, shown);
}

function textMessageOf(message: StoredMessage, reactions: readonly Reaction[]): TextMessage {
  const { deletedAtMs, ...shown } = message;
  return { ...shown, deleted: deletedAtMs !== null, reactions };
}
