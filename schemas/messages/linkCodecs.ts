import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { idField, idListField } from './fields.js';

const firstId = idField('firstId');
const secondId = idField('secondId');
const roomIds = idListField('roomIds', fieldLimits.listenedRoomsMax);

/** Who hears whom beyond the own room (control/links.fbs). */
export const linkCodecs: CodecTable<
  (messages.LinkRooms | messages.UnlinkRooms | messages.Listen)['type']
> = {
  [FrameType.LinkRooms]: defineCodec<messages.LinkRooms, tables.LinkRooms>(
    tables.Payload.LinkRooms,
    tables.LinkRooms,
    (table) => ({
      type: FrameType.LinkRooms,
      firstId: firstId.read(table.firstIdArray()),
      secondId: secondId.read(table.secondIdArray()),
    }),
    (builder, message) =>
      tables.LinkRooms.createLinkRooms(
        builder,
        firstId.write(builder, message.firstId),
        secondId.write(builder, message.secondId),
      ),
  ),
  [FrameType.UnlinkRooms]: defineCodec<messages.UnlinkRooms, tables.UnlinkRooms>(
    tables.Payload.UnlinkRooms,
    tables.UnlinkRooms,
    (table) => ({
      type: FrameType.UnlinkRooms,
      firstId: firstId.read(table.firstIdArray()),
      secondId: secondId.read(table.secondIdArray()),
    }),
    (builder, message) =>
      tables.UnlinkRooms.createUnlinkRooms(
        builder,
        firstId.write(builder, message.firstId),
        secondId.write(builder, message.secondId),
      ),
  ),
  [FrameType.Listen]: defineCodec<messages.Listen, tables.Listen>(
    tables.Payload.Listen,
    tables.Listen,
    (table) => ({ type: FrameType.Listen, roomIds: roomIds.read(table.roomIdsArray()) }),
    (builder, message) =>
      tables.Listen.createListen(builder, roomIds.write(builder, message.roomIds)),
  ),
};
