import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { SendMessage } from '@rookery/schemas/messages';
import { refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/**
 * Sends a text to a room that the sender reads, once it is durable. A message sent again is
 * answered as the first time and reaches nobody twice.
 */
export async function sendMessage(
  context: CommandContext,
  command: SendMessage,
): Promise<CommandResult> {
  const { session, state, publisher, store } = context;
  const { userId, displayName } = session;
  const { roomId, text, clientMessageId } = command;
  if (text.trim() === '') return refusal(ErrorCode.InvalidField, 'There is nothing to send.');
  const sentBefore = store.messages.sentBefore(userId, clientMessageId);
  if (sentBefore !== null) return { refused: false, createdId: await sentBefore, listId: 0 };
  if (!publisher.isReader(session.token, roomId)) {
    return state.room(roomId) === null
      ? refusal(ErrorCode.NoSuchRoom, 'There is no such room. It may have been deleted.')
      : refusal(ErrorCode.NotInRoom, 'Join the room, or subscribe to it, before you write in it.');
  }
  const sentAtMs = context.wallClockMs();
  const message = { roomId, userId, displayName, text, sentAtMs, clientMessageId };
  const { messageId } = await store.messages.append(message);
  publisher.sendToReaders(roomId, { type: FrameType.RoomMessage, messageId, ...message });
  return { refused: false, createdId: messageId, listId: 0 };
}
