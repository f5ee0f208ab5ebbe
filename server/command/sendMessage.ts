import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { SendMessage } from '@rookery/schemas/messages';
import { refusal } from '../state/outcome.js';
import { textMessageOf } from '../text/textMessage.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/**
 * Sends a text to a room or talk, once it is durable. A message sent again is
 * answered as the first time and reaches nobody twice.
 */
export async function sendMessage(
  context: CommandContext,
  command: SendMessage,
): Promise<CommandResult> {
  const { session, places, store } = context;
  const { userId, displayName } = session;
  const { roomId, text, clientMessageId } = command;
  if (text.trim() === '') return refusal(ErrorCode.InvalidField, 'There is nothing to send.');
  const sentBefore = store.messages.sentBefore(userId, clientMessageId);
  if (sentBefore !== null) return { refused: false, createdId: await sentBefore, listId: 0 };
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const sentAtMs = context.wallClockMs();
  const message = { roomId, userId, displayName, text, sentAtMs, clientMessageId };
  const stored = await store.messages.append(message);
  place.send({ type: FrameType.RoomMessage, ...textMessageOf(stored) });
  return { refused: false, createdId: stored.messageId, listId: 0 };
}
