import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { SendMessage } from '@rookery/schemas/messages';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/**
 * Sends a text to the room that the sender is in. A message sent again is answered as the first
 * time and reaches nobody twice.
 */
export function sendMessage(context: CommandContext, command: SendMessage): CommandResult {
  const { session, state, publisher, recentMessages } = context;
  const { roomId, text, clientMessageId } = command;
  if (text.trim() === '') return refusal(ErrorCode.InvalidField, 'There is nothing to send.');
  const sentBefore = recentMessages.find(session.userId, clientMessageId);
  if (sentBefore !== null) return { refused: false, createdId: sentBefore, listId: 0 };
  if (state.session(session.token)?.roomId !== roomId) {
    return state.room(roomId) === null
      ? refusal(ErrorCode.NoSuchRoom, 'There is no such room. It may have been deleted.')
      : refusal(ErrorCode.NotInRoom, 'Join the room before you write in it.');
  }
  const sentAtMs = context.wallClockMs();
  const messageId = newTimeOrderedUuid(sentAtMs);
  recentMessages.add(session.userId, clientMessageId, messageId);
  publisher.sendMessage({
    type: FrameType.RoomMessage,
    messageId,
    roomId,
    userId: session.userId,
    displayName: session.displayName,
    text,
    sentAtMs,
    clientMessageId,
  });
  return { refused: false, createdId: messageId, listId: 0 };
}
