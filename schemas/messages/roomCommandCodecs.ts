import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { idField, optional, utf8Bytes } from './fields.js';
import * as properties from './roomPropertyFields.js';

const roomId = idField('roomId');
const parentId = idField('parentId');
const description = optional(properties.description);
const position = orNull(properties.position);
const userLimit = orNull(properties.userLimit);
const frameMs = orNull(properties.frameMs);
const keepDays = orNull(properties.keepDays);
const keepMessages = orNull(properties.keepMessages);
const slowModeSeconds = orNull(properties.slowModeSeconds);

/** As `field`, or null for what is left out. */
function orNull(field: (value: number) => number): (value: number | null) => number | null {
  return (value) => (value === null ? null : field(value));
}

/** What a client asks of rooms beyond names and voice (control/rooms.fbs). */
export const roomCommandCodecs: CodecTable<(messages.MoveRoom | messages.EditRoom)['type']> = {
  [FrameType.MoveRoom]: defineCodec<messages.MoveRoom, tables.MoveRoom>(
    tables.Payload.MoveRoom,
    tables.MoveRoom,
    (table) => ({
      type: FrameType.MoveRoom,
      roomId: roomId.read(table.roomIdArray()),
      parentId: parentId.read(table.parentIdArray()),
    }),
    (builder, message) =>
      tables.MoveRoom.createMoveRoom(
        builder,
        roomId.write(builder, message.roomId),
        parentId.write(builder, message.parentId),
      ),
  ),
  [FrameType.EditRoom]: defineCodec<messages.EditRoom, tables.EditRoom>(
    tables.Payload.EditRoom,
    tables.EditRoom,
    (table) => ({
      type: FrameType.EditRoom,
      roomId: roomId.read(table.roomIdArray()),
      description: description.read(table.description(utf8Bytes)),
      position: position(table.position()),
      userLimit: userLimit(table.userLimit()),
      isTemporary: table.isTemporary(),
      frameMs: frameMs(table.frameMs()),
      isFecOn: table.isFecOn(),
      keepDays: keepDays(table.keepDays()),
      keepMessages: keepMessages(table.keepMessages()),
      slowModeSeconds: slowModeSeconds(table.slowModeSeconds()),
      isLocked: table.isLocked(),
      isPrivate: table.isPrivate(),
    }),
    (builder, message) =>
      tables.EditRoom.createEditRoom(
        builder,
        roomId.write(builder, message.roomId),
        description.write(builder, message.description),
        position(message.position),
        userLimit(message.userLimit),
        message.isTemporary,
        frameMs(message.frameMs),
        message.isFecOn,
        keepDays(message.keepDays),
        keepMessages(message.keepMessages),
        slowModeSeconds(message.slowModeSeconds),
        message.isLocked,
        message.isPrivate,
      ),
  ),
};
