import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { bytesField, idField, integerField } from './fields.js';

const roomId = idField('roomId');
const epoch = integerField('epoch', 0, 0xff);
const key = bytesField('key', 32);
const useAfterMs = integerField('useAfterMs', 0, 0xffffffff);
const listId = integerField('listId', 0, 0xffffffff);
const senderToken = integerField('senderToken', 0, 0xffffffff);

/** Keys of rooms and whispers (control/room.fbs). */
export const roomCodecs: CodecTable<
  (messages.RoomKey | messages.WhisperReady | messages.WhisperKey)['type']
> = {
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
