import type { Builder, Offset } from 'flatbuffers';
import * as tables from '../generated/rookery.js';
import { fieldLimits } from '../protocol.js';
import { ProtocolError } from '../protocolError.js';
import {
  idField,
  idListField,
  integerField,
  listField,
  optional,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';
import type { Reaction, TextMessage } from '../textMessages.js';
import type { Uuid } from '../uuid.js';

export const roomId = idField('roomId');
export const messageId = idField('messageId');
export const userId = idField('userId');
export const text = textField('text', fieldLimits.textBytesMax);
export const emoji = textField('emoji', fieldLimits.reactionBytesMax);
export const mentionedIds = idListField('mentionedIds', fieldLimits.mentionsMax);
export const attachmentIds = idListField('attachmentIds', fieldLimits.attachmentsMax);
export const clientMessageId = idField('clientMessageId');
export const replyToId = optional(idField('replyToId'));
/** What is too much is refused by the server, which says so: the conversation goes on. */
export const pageCount = integerField('count', 0, 0xffffffff);
export const pageMessages = listField('messages', fieldLimits.pageMessagesMax);
export const reactionCount = integerField('count', 0, 0xffffffff);

const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const sentAtMs = safeIntegerField('sentAtMs');
const reactions = listField('reactions', fieldLimits.reactionKindsMax);

const time = safeIntegerField('editedAtMs');

/** A time that may be absent: 0 on the wire, null here. */
export const editedAtMs = {
  read: (raw: bigint): number | null => (raw === 0n ? null : time.read(raw)),
  write: (value: number | null): bigint => (value === null ? 0n : time.write(value)),
};

/** Names one message: its room and its own id. */
interface Reference {
  readonly roomId: Uuid;
  readonly messageId: Uuid;
}

interface ReferenceTable {
  roomIdArray(): Uint8Array | null;
  messageIdArray(): Uint8Array | null;
}

export function readReference(table: ReferenceTable): Reference {
  return {
    roomId: roomId.read(table.roomIdArray()),
    messageId: messageId.read(table.messageIdArray()),
  };
}

/** @returns offsets of both ids, in the order of the tables */
export function writeReference(builder: Builder, message: Reference): [Offset, Offset] {
  return [roomId.write(builder, message.roomId), messageId.write(builder, message.messageId)];
}

/** A message, which stands alone (RoomMessage) or in a list of them. */
export function readTextMessage(table: tables.RoomMessage): TextMessage {
  return {
    messageId: messageId.read(table.messageIdArray()),
    roomId: roomId.read(table.roomIdArray()),
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
    text: text.read(table.text(utf8Bytes)),
    sentAtMs: sentAtMs.read(table.sentAtMs()),
    clientMessageId: clientMessageId.read(table.clientMessageIdArray()),
    replyToId: replyToId.read(table.replyToIdArray()),
    mentionedIds: mentionedIds.read(table.mentionedIdsArray()),
    attachmentIds: attachmentIds.read(table.attachmentIdsArray()),
    editedAtMs: editedAtMs.read(table.editedAtMs()),
    deleted: table.deleted(),
    reactions: reactions.read(table.reactionsLength(), (i) => readReaction(table.reactions(i)!)),
  };
}

/** @returns offset of its table */
export function writeTextMessage(builder: Builder, message: TextMessage): Offset {
  const reactionOffsets = reactions.write(message.reactions, (reaction) =>
    writeReaction(builder, reaction),
  );
  return tables.RoomMessage.createRoomMessage(
    builder,
    messageId.write(builder, message.messageId),
    roomId.write(builder, message.roomId),
    userId.write(builder, message.userId),
    displayName.write(builder, message.displayName),
    text.write(builder, message.text),
    sentAtMs.write(message.sentAtMs),
    clientMessageId.write(builder, message.clientMessageId),
    replyToId.write(builder, message.replyToId),
    writeIds(builder, mentionedIds, message.mentionedIds),
    writeIds(builder, attachmentIds, message.attachmentIds),
    editedAtMs.write(message.editedAtMs),
    message.deleted,
    reactionOffsets.length === 0
      ? 0
      : tables.RoomMessage.createReactionsVector(builder, reactionOffsets),
  );
}

function readReaction(table: tables.Reaction): Reaction {
  return {
    emoji: emoji.read(table.emoji(utf8Bytes)),
    count: table.count(),
    mine: table.mine(),
  };
}

function writeReaction(builder: Builder, reaction: Reaction): Offset {
  const name = emoji.write(builder, reaction.emoji);
  return tables.Reaction.createReaction(
    builder,
    name,
    reactionCount(reaction.count),
    reaction.mine,
  );
}

/** Most messages have none: an empty list is left out. */
export function writeIds(
  builder: Builder,
  field: typeof mentionedIds,
  ids: readonly Uuid[],
): Offset {
  return ids.length === 0 ? 0 : field.write(builder, ids);
}

/**
 * A message of one room.
 *
 * @throws ProtocolError `invalidField` where it is of another
 */
export function ofRoom(message: TextMessage, of: Uuid): TextMessage {
  if (message.roomId === of) return message;
  throw new ProtocolError('invalidField', `roomId of a message is ${message.roomId}, not ${of}`);
}
