import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { idField, textField, utf8Bytes } from './fields.js';

const userId = idField('userId');
const roomId = idField('roomId');
const uploadId = idField('uploadId');
const reason = textField('reason', fieldLimits.reasonBytesMax);
const text = textField('text', fieldLimits.messageOfTheDayBytesMax);

type ModerationMessage =
  | messages.Kick
  | messages.ModerateUser
  | messages.MoveUser
  | messages.RemoveFile
  | messages.SetMessageOfTheDay
  | messages.MessageOfTheDay;

/** What is done to those who are there, and said to them (control/moderation.fbs). */
export const moderationCodecs: CodecTable<ModerationMessage['type']> = {
  [FrameType.Kick]: defineCodec<messages.Kick, tables.Kick>(
    tables.Payload.Kick,
    tables.Kick,
    (table) => ({
      type: FrameType.Kick,
      userId: userId.read(table.userIdArray()),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Kick.createKick(
        builder,
        userId.write(builder, message.userId),
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.ModerateUser]: defineCodec<messages.ModerateUser, tables.ModerateUser>(
    tables.Payload.ModerateUser,
    tables.ModerateUser,
    (table) => ({
      type: FrameType.ModerateUser,
      userId: userId.read(table.userIdArray()),
      muted: table.muted(),
      deafened: table.deafened(),
      suppressed: table.suppressed(),
      prioritySpeaker: table.prioritySpeaker(),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.ModerateUser.createModerateUser(
        builder,
        userId.write(builder, message.userId),
        message.muted,
        message.deafened,
        message.suppressed,
        message.prioritySpeaker,
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.MoveUser]: defineCodec<messages.MoveUser, tables.MoveUser>(
    tables.Payload.MoveUser,
    tables.MoveUser,
    (table) => ({
      type: FrameType.MoveUser,
      userId: userId.read(table.userIdArray()),
      roomId: roomId.read(table.roomIdArray()),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.MoveUser.createMoveUser(
        builder,
        userId.write(builder, message.userId),
        roomId.write(builder, message.roomId),
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.RemoveFile]: defineCodec<messages.RemoveFile, tables.RemoveFile>(
    tables.Payload.RemoveFile,
    tables.RemoveFile,
    (table) => ({
      type: FrameType.RemoveFile,
      roomId: roomId.read(table.roomIdArray()),
      uploadId: uploadId.read(table.uploadIdArray()),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.RemoveFile.createRemoveFile(
        builder,
        roomId.write(builder, message.roomId),
        uploadId.write(builder, message.uploadId),
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.SetMessageOfTheDay]: defineCodec<
    messages.SetMessageOfTheDay,
    tables.SetMessageOfTheDay
  >(
    tables.Payload.SetMessageOfTheDay,
    tables.SetMessageOfTheDay,
    (table) => ({ type: FrameType.SetMessageOfTheDay, text: text.read(table.text(utf8Bytes)) }),
    (builder, message) =>
      tables.SetMessageOfTheDay.createSetMessageOfTheDay(
        builder,
        text.write(builder, message.text),
      ),
  ),
  [FrameType.MessageOfTheDay]: defineCodec<messages.MessageOfTheDay, tables.MessageOfTheDay>(
    tables.Payload.MessageOfTheDay,
    tables.MessageOfTheDay,
    (table) => ({ type: FrameType.MessageOfTheDay, text: text.read(table.text(utf8Bytes)) }),
    (builder, message) =>
      tables.MessageOfTheDay.createMessageOfTheDay(builder, text.write(builder, message.text)),
  ),
};
