import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type { ReadHistory } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { refusal, type Refusal } from '../state/outcome.js';
import { readPage } from '../text/historyPages.js';
import { textMessageFor } from '../text/textMessage.js';
import { textLimits } from '../textLimits.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/** Answers with a page of what was written in a room or talk. */
export function readHistory(context: CommandContext, command: ReadHistory): CommandResult {
  const { session, places, store } = context;
  const { roomId, direction, messageId, count } = command;
  const tooMany = countRefusal(count);
  if (tooMany !== null) return tooMany;
  if (direction === HistoryDirection.Around && messageId === null) {
    return refusal(ErrorCode.InvalidField, 'messageId is missing. Name a message to read around.');
  }
  const place = places.toRead(roomId, session);
  if ('refused' in place) return place;
  const page = readPage(store.messages, roomId, { direction, messageId, count }, textLimits);
  const messages = page.messages.map((message) =>
    textMessageFor(message, session.userId, store.reactions),
  );
  return { refused: false, answer: { type: FrameType.HistoryPage, roomId, ...page, messages } };
}

/** Why a page of so many messages is refused; null where it is not. */
export function countRefusal(count: number): Refusal | null {
  const countMax = fieldLimits.pageMessagesMax;
  if (count >= 1 && count <= countMax) return null;
  const text = `count is ${count}. Ask for 1 to ${countMax} messages.`;
  return refusal(ErrorCode.InvalidField, text);
}
