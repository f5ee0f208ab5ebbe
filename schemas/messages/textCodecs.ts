import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { enumField, listField, optional, utf8Bytes } from './fields.js';
import { newsCodecs } from './textNewsCodecs.js';
import {
  attachmentIds,
  clientMessageId,
  emoji,
  messageId,
  ofRoom,
  pageCount,
  pageMessages,
  readReference,
  readTextMessage,
  replyToId,
  roomId,
  text,
  writeIds,
  writeReference,
  writeTextMessage,
} from './textFields.js';

const direction = enumField('direction', tables.HistoryDirection);
const messageIdOrNone = optional(messageId);
const pins = listField('messages', fieldLimits.pinsMax);

/** What is written, read and changed in rooms and talks (control/messages.fbs). */
export const textCodecs: CodecTable<
  (messages.TextCommand | messages.TextAnswer | messages.TextNews)['type']
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
  [FrameType.EditMessage]: defineCodec<messages.EditMessage, tables.EditMessage>(
    tables.Payload.EditMessage,
    tables.EditMessage,
    (table) => ({
      type: FrameType.EditMessage,
      ...readReference(table),
      text: text.read(table.text(utf8Bytes)),
    }),
    (builder, message) =>
      tables.EditMessage.createEditMessage(
        builder,
        ...writeReference(builder, message),
        text.write(builder, message.text),
      ),
  ),
  [FrameType.DeleteMessage]: defineCodec<messages.DeleteMessage, tables.DeleteMessage>(
    tables.Payload.DeleteMessage,
    tables.DeleteMessage,
    (table) => ({ type: FrameType.DeleteMessage, ...readReference(table) }),
    (builder, message) =>
      tables.DeleteMessage.createDeleteMessage(builder, ...writeReference(builder, message)),
  ),
  [FrameType.AddReaction]: defineCodec<messages.AddReaction, tables.AddReaction>(
    tables.Payload.AddReaction,
    tables.AddReaction,
    (table) => ({
      type: FrameType.AddReaction,
      ...readReference(table),
      emoji: emoji.read(table.emoji(utf8Bytes)),
    }),
    (builder, message) =>
      tables.AddReaction.createAddReaction(
        builder,
        ...writeReference(builder, message),
        emoji.write(builder, message.emoji),
      ),
  ),
  [FrameType.RemoveReaction]: defineCodec<messages.RemoveReaction, tables.RemoveReaction>(
    tables.Payload.RemoveReaction,
    tables.RemoveReaction,
    (table) => ({
      type: FrameType.RemoveReaction,
      ...readReference(table),
      emoji: emoji.read(table.emoji(utf8Bytes)),
    }),
    (builder, message) =>
      tables.RemoveReaction.createRemoveReaction(
        builder,
        ...writeReference(builder, message),
        emoji.write(builder, message.emoji),
      ),
  ),
  [FrameType.PinMessage]: defineCodec<messages.PinMessage, tables.PinMessage>(
    tables.Payload.PinMessage,
    tables.PinMessage,
    (table) => ({ type: FrameType.PinMessage, ...readReference(table) }),
    (builder, message) =>
      tables.PinMessage.createPinMessage(builder, ...writeReference(builder, message)),
  ),
  [FrameType.UnpinMessage]: defineCodec<messages.UnpinMessage, tables.UnpinMessage>(
    tables.Payload.UnpinMessage,
    tables.UnpinMessage,
    (table) => ({ type: FrameType.UnpinMessage, ...readReference(table) }),
    (builder, message) =>
      tables.UnpinMessage.createUnpinMessage(builder, ...writeReference(builder, message)),
  ),
  [FrameType.ReadPins]: defineCodec<messages.ReadPins, tables.ReadPins>(
    tables.Payload.ReadPins,
    tables.ReadPins,
    (table) => ({ type: FrameType.ReadPins, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.ReadPins.createReadPins(builder, roomId.write(builder, message.roomId)),
  ),
  [FrameType.PinList]: defineCodec<messages.PinList, tables.PinList>(
    tables.Payload.PinList,
    tables.PinList,
    (table) => {
      const of = roomId.read(table.roomIdArray());
      return {
        type: FrameType.PinList,
        roomId: of,
        messages: pins.read(table.messagesLength(), (i) =>
          ofRoom(readTextMessage(table.messages(i)!), of),
        ),
      };
    },
    (builder, message) => {
      const offsets = pins.write(message.messages, (one) =>
        writeTextMessage(builder, ofRoom(one, message.roomId)),
      );
      return tables.PinList.createPinList(
        builder,
        roomId.write(builder, message.roomId),
        tables.PinList.createMessagesVector(builder, offsets),
      );
    },
  ),
  ...newsCodecs,
};
