import { FrameType } from '../frameType.js';
import type { SendMessage, TextMessage, Uuid } from '../messages.js';
import { rootRoomId } from '../protocol.js';
import { newUuid } from '../uuid.js';

/** A message that is nothing but text. */
export function textToSend(roomId: Uuid, text: string, clientMessageId = newUuid()): SendMessage {
  return {
    type: FrameType.SendMessage,
    roomId,
    text,
    clientMessageId,
    replyToId: null,
    attachmentIds: [],
  };
}

/** A message as people see it, with nothing beside its text but what is given. */
export function textMessage(change: Partial<TextMessage> = {}): TextMessage {
  return {
    messageId: newUuid(),
    roomId: rootRoomId,
    userId: newUuid(),
    displayName: 'Ada',
    text: 'hello',
    sentAtMs: 1_800_000_000_000,
    clientMessageId: newUuid(),
    replyToId: null,
    mentionedIds: [],
    attachmentIds: [],
    editedAtMs: null,
    deleted: false,
    reactions: [],
    ...change,
  };
}
