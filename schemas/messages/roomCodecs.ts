import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  bytesField,
  idField,
  integerField,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';

const roomId = idField('roomId');
const userId = idField('userId');
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const messageId = idField('messageId');
const text = textField('text', fieldLimits.textBytesMax);
const sentAtMs = safeIntegerField('sentAtMs');
const clientMessageId = idField('clientMessageId');
const epoch = integerField('epoch', 0, 0xff);
const key = bytesField('key', 32);
const useAfterMs = integerField('useAfterMs', 0, 0xffffffff);
const listId = integerField('listId', 0, 0xffffffff);
const senderToken = integerField('senderToken', 0, 0xffffffff);

/** Messages and keys of rooms and whispers (control/room.fbs). */
export const roomCodecs: CodecTable<
  Exclude<messages.RoomStreamMessage, messages.ViewMessage>['type']
> = {
  [FrameType.RoomMessage]: defineCodec<messages.RoomMessage, tables.RoomMessage>(
    tables.Payload.RoomMessage,
    tables.RoomMessage,
    (table) => ({
      type: FrameType.RoomMessage,
      messageId: messageId.read(table.messageIdArray()),
      roomId: roomId.read(table.roomIdArray()),
      userId: userId.read(table.userIdArray()),
      displayName: displayName.read(table.displayName(utf8Bytes)),
      text: text.read(table.text(utf8Bytes)),
      sentAtMs: sentAtMs.read(table.sentAtMs()),
      clientMessageId: clientMessageId.read(table.clientMessageIdArray()),
    }),
    (builder, message) =>
      tables.RoomMessage.createRoomMessage(
        builder,
        messageId.write(builder, message.messageId),
        roomId.write(builder, message.roomId),
        userId.write(builder, message.userId),
        displayName.write(builder, message.displayName),
        text.write(builder, message.text),
        sentAtMs.write(message.sentAtMs),
        clientMessageId.write(builder, message.clientMessageId),
      ),
  ),
  [FrameType.RoomKey]: defineCodec<messages.RoomKey, tables.RoomKey>(
    tables.Payload.RoomKey,
    tables.RoomKey,
    (table) => ({
      type: FrameType.RoomKey,
      roomId: roomId.read(table.roomIdArray()),
      epoch: table.epoch(),
      key: key.read(table.keyArray()),
      useAfterMs: table.useAfterMs(),
    }),
    (builder, message) =>
      tables.RoomKey.createRoomKey(
        builder,
        roomId.write(builder, message.roomId),
        epoch(message.epoch),
        key.write(builder, message.key),
        useAfterMs(message.useAfterMs),
      ),
  ),
  [FrameType.WhisperReady]: defineCodec<messages.WhisperReady, tables.WhisperReady>(
    tables.Payload.WhisperReady,
    tables.WhisperReady,
    (table) => ({
      type: FrameType.WhisperReady,
      listId: table.listId(),
      epoch: table.epoch(),
      key: key.read(table.keyArray()),
      useAfterMs: table.useAfterMs(),
    }),
    (builder, message) =>
      tables.WhisperReady.createWhisperReady(
        builder,
        listId(message.listId),
        epoch(message.epoch),
        key.write(builder, message.key),
        useAfterMs(message.useAfterMs),
      ),
  ),
  [FrameType.WhisperKey]: defineCodec<messages.WhisperKey, tables.WhisperKey>(
    tables.Payload.WhisperKey,
    tables.WhisperKey,
    (table) => ({
      type: FrameType.WhisperKey,
      senderToken: table.senderToken(),
      epoch: table.epoch(),
      key: key.read(table.keyArray()),
    }),
    (builder, message) =>
      tables.WhisperKey.createWhisperKey(
        builder,
        senderToken(message.senderToken),
        epoch(message.epoch),
        key.write(builder, message.key),
      ),
  ),
};
