import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { idField, idListField, integerField, listField, optional, textField } from './fields.js';
import { utf8Bytes } from './fields.js';
import {
  messageId,
  ofRoom,
  pageCount,
  pageMessages,
  readTextMessage,
  roomId,
  userId,
  writeTextMessage,
} from './textFields.js';

const query = textField('query', fieldLimits.searchQueryBytesMax);
const roomIds = idListField('roomIds', fieldLimits.unreadRoomsMax);
const unreadRooms = listField('rooms', fieldLimits.unreadRoomsMax);
const unread = integerField('unread', 0, fieldLimits.unreadMax);
const mentions = integerField('mentions', 0, fieldLimits.unreadMax);
const beforeId = optional(idField('beforeId'));
const goOnBefore = optional(idField('goOnBefore'));
const readId = optional(idField('readId'));
const deliveredId = optional(idField('deliveredId'));
const latestId = optional(idField('latestId'));

type ReadingType = (messages.ReadingCommand | messages.ReadingAnswer | messages.MessageAck)['type'];

/** Search, and how far people read (control/reading.fbs). */
export const readingCodecs: CodecTable<ReadingType> = {
  [FrameType.Search]: defineCodec<messages.Search, tables.Search>(
    tables.Payload.Search,
    tables.Search,
    (table) => ({
      type: FrameType.Search,
      roomId: roomId.read(table.roomIdArray()),
      query: query.read(table.query(utf8Bytes)),
      beforeId: beforeId.read(table.beforeIdArray()),
      count: table.count(),
    }),
    (builder, message) =>
      tables.Search.createSearch(
        builder,
        roomId.write(builder, message.roomId),
        query.write(builder, message.query),
        beforeId.write(builder, message.beforeId),
        pageCount(message.count),
      ),
  ),
  [FrameType.SearchPage]: defineCodec<messages.SearchPage, tables.SearchPage>(
    tables.Payload.SearchPage,
    tables.SearchPage,
    (table) => {
      const of = roomId.read(table.roomIdArray());
      return {
        type: FrameType.SearchPage,
        roomId: of,
        messages: pageMessages.read(table.messagesLength(), (i) =>
          ofRoom(readTextMessage(table.messages(i)!), of),
        ),
        goOnBefore: goOnBefore.read(table.goOnBeforeArray()),
      };
    },
    (builder, message) => {
      const offsets = pageMessages.write(message.messages, (one) =>
        writeTextMessage(builder, ofRoom(one, message.roomId)),
      );
      return tables.SearchPage.createSearchPage(
        builder,
        roomId.write(builder, message.roomId),
        tables.SearchPage.createMessagesVector(builder, offsets),
        goOnBefore.write(builder, message.goOnBefore),
      );
    },
  ),
  [FrameType.ReadUnread]: defineCodec<messages.ReadUnread, tables.ReadUnread>(
    tables.Payload.ReadUnread,
    tables.ReadUnread,
    (table) => ({ type: FrameType.ReadUnread, roomIds: roomIds.read(table.roomIdsArray()) }),
    (builder, message) =>
      tables.ReadUnread.createReadUnread(builder, roomIds.write(builder, message.roomIds)),
  ),
  [FrameType.UnreadCounts]: defineCodec<messages.UnreadCounts, tables.UnreadCounts>(
    tables.Payload.UnreadCounts,
    tables.UnreadCounts,
    (table) => ({
      type: FrameType.UnreadCounts,
      rooms: unreadRooms.read(table.roomsLength(), (i) => readUnreadRoom(table.rooms(i)!)),
    }),
    (builder, message) => {
      const offsets = unreadRooms.write(message.rooms, (room) => writeUnreadRoom(builder, room));
      const rooms = tables.UnreadCounts.createRoomsVector(builder, offsets);
      return tables.UnreadCounts.createUnreadCounts(builder, rooms);
    },
  ),
  [FrameType.MessageDelivered]: defineCodec<messages.MessageDelivered, tables.MessageDelivered>(
    tables.Payload.MessageDelivered,
    tables.MessageDelivered,
    (table) => ({ type: FrameType.MessageDelivered, ...readPosition(table) }),
    (builder, message) =>
      tables.MessageDelivered.createMessageDelivered(
        builder,
        roomId.write(builder, message.roomId),
        messageId.write(builder, message.messageId),
      ),
  ),
  [FrameType.MessageRead]: defineCodec<messages.MessageRead, tables.MessageRead>(
    tables.Payload.MessageRead,
    tables.MessageRead,
    (table) => ({ type: FrameType.MessageRead, ...readPosition(table) }),
    (builder, message) =>
      tables.MessageRead.createMessageRead(
        builder,
        roomId.write(builder, message.roomId),
        messageId.write(builder, message.messageId),
      ),
  ),
  [FrameType.MessageAck]: defineCodec<messages.MessageAck, tables.MessageAck>(
    tables.Payload.MessageAck,
    tables.MessageAck,
    (table) => ({
      type: FrameType.MessageAck,
      roomId: roomId.read(table.roomIdArray()),
      userId: userId.read(table.userIdArray()),
      deliveredId: deliveredId.read(table.deliveredIdArray()),
      readId: readId.read(table.readIdArray()),
    }),
    (builder, message) =>
      tables.MessageAck.createMessageAck(
        builder,
        roomId.write(builder, message.roomId),
        userId.write(builder, message.userId),
        deliveredId.write(builder, message.deliveredId),
        readId.write(builder, message.readId),
      ),
  ),
};

function readPosition(
  table: tables.MessageRead | tables.MessageDelivered,
): Pick<messages.MessageRead, 'roomId' | 'messageId'> {
  return {
    roomId: roomId.read(table.roomIdArray()),
    messageId: messageId.read(table.messageIdArray()),
  };
}

function readUnreadRoom(table: tables.UnreadRoom): messages.UnreadRoom {
  return {
    roomId: roomId.read(table.roomIdArray()),
    readId: readId.read(table.readIdArray()),
    unread: unread(table.unread()),
    mentions: mentions(table.mentions()),
    latestId: latestId.read(table.latestIdArray()),
  };
}

function writeUnreadRoom(builder: Builder, room: messages.UnreadRoom): Offset {
  return tables.UnreadRoom.createUnreadRoom(
    builder,
    roomId.write(builder, room.roomId),
    readId.write(builder, room.readId),
    unread(room.unread),
    mentions(room.mentions),
    latestId.write(builder, room.latestId),
  );
}
