import type { TextMessage } from '@rookery/schemas/messages';
import type { StoredMessage } from '../store/messageRecord.js';

/** A message as it goes to people. */
export function textMessageOf(message: StoredMessage): TextMessage {
  const { deletedAtMs, ...shown } = message;
  return {
    ...shown,
    replyToId: null,
    mentionedIds: [],
    attachmentIds: [],
    deleted: deletedAtMs !== null,
    reactions: [],
  };
}
