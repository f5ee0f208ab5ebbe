import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { safeIntegerField, utf8Bytes } from './fields.js';
import {
  emoji,
  mentionedIds,
  reactionCount,
  readReference,
  readTextMessage,
  text,
  userId,
  writeIds,
  writeReference,
  writeTextMessage,
} from './textFields.js';

const editedAtMs = safeIntegerField('editedAtMs');

/** What all are told who read a room or talk (control/messages.fbs). */
export const newsCodecs: CodecTable<messages.TextNews['type']> = {
  [FrameType.RoomMessage]: defineCodec<messages.RoomMessage, tables.RoomMessage>(
    tables.Payload.RoomMessage,
    tables.RoomMessage,
    (table) => ({ type: FrameType.RoomMessage, ...readTextMessage(table) }),
    (builder, message) => writeTextMessage(builder, message),
  ),
  [FrameType.MessageEdited]: defineCodec<messages.MessageEdited, tables.MessageEdited>(
    tables.Payload.MessageEdited,
    tables.MessageEdited,
    (table) => ({
      type: FrameType.MessageEdited,
      ...readReference(table),
      text: text.read(table.text(utf8Bytes)),
      mentionedIds: mentionedIds.read(table.mentionedIdsArray()),
      editedAtMs: editedAtMs.read(table.editedAtMs()),
    }),
    (builder, message) =>
      tables.MessageEdited.createMessageEdited(
        builder,
        ...writeReference(builder, message),
        text.write(builder, message.text),
        writeIds(builder, mentionedIds, message.mentionedIds),
        editedAtMs.write(message.editedAtMs),
      ),
  ),
  [FrameType.MessageDeleted]: defineCodec<messages.MessageDeleted, tables.MessageDeleted>(
    tables.Payload.MessageDeleted,
    tables.MessageDeleted,
    (table) => ({ type: FrameType.MessageDeleted, ...readReference(table) }),
    (builder, message) =>
      tables.MessageDeleted.createMessageDeleted(builder, ...writeReference(builder, message)),
  ),
  [FrameType.ReactionChanged]: defineCodec<messages.ReactionChanged, tables.ReactionChanged>(
    tables.Payload.ReactionChanged,
    tables.ReactionChanged,
    (table) => ({
      type: FrameType.ReactionChanged,
      ...readReference(table),
      emoji: emoji.read(table.emoji(utf8Bytes)),
      count: table.count(),
      userId: userId.read(table.userIdArray()),
      added: table.added(),
    }),
    (builder, message) =>
      tables.ReactionChanged.createReactionChanged(
        builder,
        ...writeReference(builder, message),
        emoji.write(builder, message.emoji),
        reactionCount(message.count),
        userId.write(builder, message.userId),
        message.added,
      ),
  ),
  [FrameType.PinsChanged]: defineCodec<messages.PinsChanged, tables.PinsChanged>(
    tables.Payload.PinsChanged,
    tables.PinsChanged,
    (table) => ({ type: FrameType.PinsChanged, ...readReference(table), pinned: table.pinned() }),
    (builder, message) =>
      tables.PinsChanged.createPinsChanged(
        builder,
        ...writeReference(builder, message),
        message.pinned,
      ),
  ),
};
