import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { messageTextFault } from '@rookery/schemas/messageText';
import type { DeleteMessage, EditMessage, SendMessage, Uuid } from '@rookery/schemas/messages';
import { refusal, type Refusal } from '../state/outcome.js';
import type { StoredMessage } from '../store/messageRecord.js';
import { changeRefusal } from '../text/changeRefusal.js';
import { newTextMessage } from '../text/textMessage.js';
import type { TextPlace } from '../text/textPlaces.js';
import { slowModeRefusal } from './calmRooms.js';
import type { CommandContext, CommandResult, Done } from './commandContext.js';

/**
 * Sends a text to a room or talk, once it is durable. A message sent again is answered as the first
 * time and reaches nobody twice.
 */
export async function sendMessage(
  context: CommandContext,
  command: SendMessage,
): Promise<CommandResult> {
  const { session, places, store } = context;
  const { userId, displayName } = session;
  const { roomId, text, clientMessageId, replyToId, attachmentIds } = command;
  const sentBefore = store.messages.sentBefore(userId, clientMessageId);
  if (sentBefore !== null) return { ...done, createdId: await sentBefore };
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const refused = contentRefusal(context, place, command) ?? slowModeRefusal(context, roomId);
  if (refused !== null) return refused;
  const sentAtMs = context.wallClockMs();
  const message = { roomId, userId, displayName, text, sentAtMs, clientMessageId };
  const stored = await store.messages.append({ ...message, replyToId, attachmentIds });
  place.send({ type: FrameType.RoomMessage, ...newTextMessage(stored) });
  return { ...done, createdId: stored.messageId };
}

/** Gives an own message another text, once that is durable. */
export async function editMessage(
  context: CommandContext,
  { roomId, messageId, text }: EditMessage,
): Promise<CommandResult> {
  const { session, places, store, wallClockMs } = context;
  const place = places.toWrite(roomId, session);
  if ('refused' in place) return place;
  const fault = messageTextFault(text);
  if (fault !== null) return refusal(ErrorCode.InvalidField, fault);
  const message = store.messages.find(roomId, messageId);
  if (message === null) return noSuchMessage();
  const refused = changeRefusal(session, message);
  if (refused !== null) return refused;
  const editedAtMs = wallClockMs();
  const edited = await store.messages.edit(roomId, messageId, text, editedAtMs);
  if (edited === null) return noSuchMessage();
  const { mentionedIds } = edited;
  const named = { roomId, messageId };
  place.send({ type: FrameType.MessageEdited, ...named, text, mentionedIds, editedAtMs });
  return done;
}

/**
 * Deletes an own message, or one of a room where one moderates, once that is durable. One that is
 * deleted stays so.
 */
export async function deleteMessage(
  context: CommandContext,
  { roomId, messageId }: DeleteMessage,
): Promise<CommandResult> {
  const { session, places, store, audit, wallClockMs } = context;
  // Also where one may not write any more: what one wrote is one's own.
  const place = places.toRead(roomId, session);
  if ('refused' in place) return place;
  const message = store.messages.find(roomId, messageId);
  if (message === null) return noSuchMessage();
  const refused = changeRefusal(session, message);
  if (refused !== null && !mayModerate(context, message)) return refused;
  const deleting = store.messages.delete(roomId, messageId, wallClockMs());
  if (refused !== null) {
    const { userId: targetId, attachmentIds } = message;
    const files = attachmentIds.length === 0 ? '' : ` with ${attachmentIds.length} files`;
    const detail = `message ${messageId}${files}`;
    audit.note({ action: 'deleteMessage', actorId: session.userId, targetId, roomId, detail });
  }
  const deleted = await deleting;
  if (deleted !== null) place.send({ type: FrameType.MessageDeleted, roomId, messageId });
  return done;
}

/** Whether the session may take a message of somebody else away: of rooms, and of lower roles. */
function mayModerate({ session, access }: CommandContext, message: StoredMessage): boolean {
  const { roomId, userId } = message;
  // A talk is no room, so nobody has the permission there.
  return (
    access.can(session.token, 'moderateText', roomId) && access.mayActOn(session.userId, userId)
  );
}

/** What a command says of a message that is not there, or is deleted. */
export function noSuchMessage(): Refusal {
  return refusal(ErrorCode.NoSuchMessage, 'There is no such message. It may have been deleted.');
}

/** A command was carried out and made nothing. */
export const done: Done = { refused: false, createdId: null, listId: 0 };

/** A message of which something is left. */
export function presentMessage(
  { store }: CommandContext,
  roomId: Uuid,
  messageId: Uuid,
): StoredMessage | null {
  const message = store.messages.find(roomId, messageId);
  return message === null || message.deletedAtMs !== null ? null : message;
}

function contentRefusal(
  context: CommandContext,
  place: TextPlace,
  { text, replyToId, attachmentIds }: SendMessage,
): Refusal | null {
  const isFilesOnly = text === '' && attachmentIds.length > 0;
  const fault = isFilesOnly ? null : messageTextFault(text);
  if (fault !== null) return refusal(ErrorCode.InvalidField, fault);
  if (replyToId !== null && presentMessage(context, place.id, replyToId) === null) {
    return noSuchMessage();
  }
  if (attachmentIds.length === 0) return null;
  return context.attachments.refusalOf(attachmentIds, context.session, place);
}
