import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { PinMessage, ReadPins, UnpinMessage } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { refusal } from '../state/outcome.js';
import type { StoredMessage } from '../store/messageRecord.js';
import { textMessageFor } from '../text/textMessage.js';
import type { CommandContext, CommandResult } from './commandContext.js';
import { done, noSuchMessage, presentMessage } from './messageCommands.js';

/** Pins a message, once that is durable. */
export async function pinMessage(
  context: CommandContext,
  { roomId, messageId }: PinMessage,
): Promise<CommandResult> {
  const { session, places, store, wallClockMs } = context;
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const message = presentMessage(context, roomId, messageId);
  if (message === null) return noSuchMessage();
  const pins = store.pins.of(roomId);
  if (pins.some((pin) => pin.messageId === messageId)) return done;
  if (pins.length >= fieldLimits.pinsMax) {
    const text = `A room has at most ${fieldLimits.pinsMax} pinned messages. Unpin one first.`;
    return refusal(ErrorCode.LimitReached, text);
  }
  const pin = { messageId, userId: session.userId, pinnedAtMs: wallClockMs() };
  const storing = store.pins.put(roomId, [...pins, pin]);
  notePin(context, 'pinMessage', message);
  await storing;
  place.send({ type: FrameType.PinsChanged, roomId, messageId, pinned: true });
  return done;
}

/** Takes a pin away, once that is durable. */
export async function unpinMessage(
  context: CommandContext,
  { roomId, messageId }: UnpinMessage,
): Promise<CommandResult> {
  const { session, places, store } = context;
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const pins = store.pins.of(roomId);
  const kept = pins.filter((pin) => pin.messageId !== messageId);
  if (kept.length === pins.length) return done;
  const storing = store.pins.put(roomId, kept);
  const message = store.messages.find(roomId, messageId);
  if (message !== null) notePin(context, 'unpinMessage', message);
  await storing;
  place.send({ type: FrameType.PinsChanged, roomId, messageId, pinned: false });
  return done;
}

/** What somebody makes of a message of somebody else in a room. Of talks nothing is noted. */
function notePin(
  { session, state, audit }: CommandContext,
  action: 'pinMessage' | 'unpinMessage',
  { roomId, messageId, userId: targetId }: StoredMessage,
): void {
  const { userId: actorId } = session;
  if (targetId === actorId || state.room(roomId) === null) return;
  audit.note({ action, actorId, targetId, roomId, detail: `message ${messageId}` });
}

/** Answers with the pinned messages of a room or talk. */
export function readPins(context: CommandContext, { roomId }: ReadPins): CommandResult {
  const { session, places, store } = context;
  const place = places.toRead(roomId, session);
  if ('refused' in place) return place;
  const messages = store.pins.of(roomId).flatMap(({ messageId }) => {
    const message = store.messages.find(roomId, messageId);
    return message === null ? [] : [textMessageFor(message, session.userId, store.reactions)];
  });
  return { refused: false, answer: { type: FrameType.PinList, roomId, messages } };
}
