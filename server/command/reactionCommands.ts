import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { isEmoji } from '@rookery/schemas/messageText';
import type { AddReaction, RemoveReaction } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { refusal, type Refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult } from './commandContext.js';
import { done, noSuchMessage, presentMessage } from './messageCommands.js';

/** Adds the session's reaction to a message, once it is durable. */
export function addReaction(context: CommandContext, command: AddReaction): Promise<CommandResult> {
  return changeReaction(context, command, true);
}

/** Takes the session's reaction to a message back, once that is durable. */
export function removeReaction(
  context: CommandContext,
  command: RemoveReaction,
): Promise<CommandResult> {
  return changeReaction(context, command, false);
}

async function changeReaction(
  context: CommandContext,
  { roomId, messageId, emoji }: AddReaction | RemoveReaction,
  isAdded: boolean,
): Promise<CommandResult> {
  const { session, places, store } = context;
  const { userId } = session;
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const before = presentMessage(context, roomId, messageId);
  if (before === null) return noSuchMessage();
  const kinds = before.reactions.map((reaction) => reaction.emoji);
  const refused = isAdded ? kindRefusal(emoji, kinds) : null;
  if (refused !== null) return refused;
  if (store.reactions.of(roomId, messageId, userId).includes(emoji) === isAdded) return done;
  const message = await store.messages.react(roomId, messageId, { userId, emoji, isAdded });
  if (message === null) return noSuchMessage();
  const count = message.reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0;
  const named = { roomId, messageId, emoji, userId };
  place.send({ type: FrameType.ReactionChanged, ...named, count, added: isAdded });
  return done;
}

function kindRefusal(emoji: string, kinds: readonly string[]): Refusal | null {
  if (!isEmoji(emoji)) {
    const text = `A reaction is one emoji of at most ${fieldLimits.reactionBytesMax} bytes.`;
    return refusal(ErrorCode.InvalidField, text);
  }
  if (kinds.includes(emoji) || kinds.length < fieldLimits.reactionKindsMax) return null;
  const text = `A message has at most ${fieldLimits.reactionKindsMax} kinds of reactions.`;
  return refusal(ErrorCode.LimitReached, `${text} Take one that is there.`);
}
