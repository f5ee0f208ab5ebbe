import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { enumField, optional, utf8Bytes } from './fields.js';
import {
  attachmentIds,
  clientMessageId,
  messageId,
  ofRoom,
  pageCount,
  pageMessages,
  readTextMessage,
  replyToId,
  roomId,
  text,
  writeIds,
  writeTextMessage,
} from './textFields.js';

const direction = enumField('direction', tables.HistoryDirection);
const messageIdOrNone = optional(messageId);

/** What is written, read and changed in rooms and talks (control/messages.fbs). */
export const textCodecs: CodecTable<
  (messages.TextCommand | messages.TextAnswer | messages.RoomMessage)['type']
> = {
  [FrameType.SendMessage]: defineCodec<messages.SendMessage, tables.SendMessage>(
    tables.Payload.SendMessage,
    tables.SendMessage,
    (table) => ({
      type: FrameType.SendMessage,
      roomId: roomId.read(table.roomIdArray()),
      text: text.read(table.text(utf8Bytes)),
      clientMessageId: clientMessageId.read(table.clientMessageIdArray()),
      replyToId: replyToId.read(table.replyToIdArray()),
      attachmentIds: attachmentIds.read(table.attachmentIdsArray()),
    }),
    (builder, message) =>
      tables.SendMessage.createSendMessage(
        builder,
        roomId.write(builder, message.roomId),
        text.write(builder, message.text),
        clientMessageId.write(builder, message.clientMessageId),
        replyToId.write(builder, message.replyToId),
        writeIds(builder, attachmentIds, message.attachmentIds),
      ),
  ),
  [FrameType.RoomMessage]: defineCodec<messages.RoomMessage, tables.RoomMessage>(
    tables.Payload.RoomMessage,
    tables.RoomMessage,
    (table) => ({ type: FrameType.RoomMessage, ...readTextMessage(table) }),
    (builder, message) => writeTextMessage(builder, message),
  ),
  [FrameType.ReadHistory]: defineCodec<messages.ReadHistory, tables.ReadHistory>(
    tables.Payload.ReadHistory,
    tables.ReadHistory,
    (table) => ({
      type: FrameType.ReadHistory,
      roomId: roomId.read(table.roomIdArray()),
      direction: direction(table.direction()),
      messageId: messageIdOrNone.read(table.messageIdArray()),
      count: table.count(),
    }),
    (builder, message) => {
      const room = roomId.write(builder, message.roomId);
      const anchor = messageIdOrNone.write(builder, message.messageId);
      return tables.ReadHistory.createReadHistory(
        builder,
        room,
        direction(message.direction),
        anchor,
        pageCount(message.count),
      );
    },
  ),
  [FrameType.HistoryPage]: defineCodec<messages.HistoryPage, tables.HistoryPage>(
    tables.Payload.HistoryPage,
    tables.HistoryPage,
    (table) => {
      const of = roomId.read(table.roomIdArray());
      return {
        type: FrameType.HistoryPage,
        roomId: of,
        messages: pageMessages.read(table.messagesLength(), (i) =>
          ofRoom(readTextMessage(table.messages(i)!), of),
        ),
        hasEarlier: table.hasEarlier(),
        hasLater: table.hasLater(),
      };
    },
    (builder, message) => {
      const offsets = pageMessages.write(message.messages, (one) =>
        writeTextMessage(builder, ofRoom(one, message.roomId)),
      );
      return tables.HistoryPage.createHistoryPage(
        builder,
        roomId.write(builder, message.roomId),
        tables.HistoryPage.createMessagesVector(builder, offsets),
        message.hasEarlier,
        message.hasLater,
      );
    },
  ),
};
