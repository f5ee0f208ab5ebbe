import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  bytesField,
  enumField,
  idField,
  integerField,
  listField,
  optional,
  present,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';
import { bitrate, bundleWindowMs, speakersMax } from './roomVoiceFields.js';

const roomId = idField('roomId');
const parentId = optional(idField('parentId'));
const roomName = textField('name', fieldLimits.roomNameBytesMax);
const sessionToken = integerField('sessionToken', 0, 0xffffffff);
const userId = idField('userId');
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const currentRoomId = optional(idField('roomId'));
const rooms = listField('rooms', fieldLimits.listMax);
const sessions = listField('sessions', fieldLimits.listMax);
const changes = listField('changes', fieldLimits.listMax);
const changeKind = enumField('kind', tables.ChangeKind);
const messageId = idField('messageId');
const text = textField('text', fieldLimits.textBytesMax);
const sentAtMs = safeIntegerField('sentAtMs');
const clientMessageId = idField('clientMessageId');
const epoch = integerField('epoch', 0, 0xff);
const key = bytesField('key', 32);
const useAfterMs = integerField('useAfterMs', 0, 0xffffffff);
const listId = integerField('listId', 0, 0xffffffff);
const senderToken = integerField('senderToken', 0, 0xffffffff);

function readRoom(table: tables.RoomInfo): messages.RoomInfo {
  return {
    roomId: roomId.read(table.roomIdArray()),
    parentId: parentId.read(table.parentIdArray()),
    name: roomName.read(table.name(utf8Bytes)),
    speakersMax: speakersMax(table.speakersMax()),
    bundleWindowMs: bundleWindowMs(table.bundleWindowMs()),
    bitrate: bitrate(table.bitrate()),
  };
}

function writeRoom(builder: Builder, room: messages.RoomInfo): Offset {
  return tables.RoomInfo.createRoomInfo(
    builder,
    roomId.write(builder, room.roomId),
    parentId.write(builder, room.parentId),
    roomName.write(builder, room.name),
    speakersMax(room.speakersMax),
    bundleWindowMs(room.bundleWindowMs),
    bitrate(room.bitrate),
  );
}

function readSession(table: tables.SessionInfo): messages.SessionInfo {
  return {
    sessionToken: table.sessionToken(),
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
    roomId: currentRoomId.read(table.roomIdArray()),
    muted: table.muted(),
    deafened: table.deafened(),
  };
}

function writeSession(builder: Builder, session: messages.SessionInfo): Offset {
  return tables.SessionInfo.createSessionInfo(
    builder,
    sessionToken(session.sessionToken),
    userId.write(builder, session.userId),
    displayName.write(builder, session.displayName),
    currentRoomId.write(builder, session.roomId),
    session.muted,
    session.deafened,
  );
}

function readChange(table: tables.Change): messages.Change {
  switch (changeKind(table.kind())) {
    case tables.ChangeKind.RoomPut:
      return { kind: 'roomPut', room: readRoom(present('room', table.room())) };
    case tables.ChangeKind.RoomRemoved:
      return { kind: 'roomRemoved', roomId: roomId.read(table.roomIdArray()) };
    case tables.ChangeKind.SessionPut:
      return { kind: 'sessionPut', session: readSession(present('session', table.session())) };
    case tables.ChangeKind.SessionRemoved:
      return { kind: 'sessionRemoved', sessionToken: table.sessionToken() };
  }
}

function writeChange(builder: Builder, change: messages.Change): Offset {
  const { Change, ChangeKind } = tables;
  // The inner table is written before the change that refers to it is started.
  switch (change.kind) {
    case 'roomPut': {
      const room = writeRoom(builder, change.room);
      Change.startChange(builder);
      Change.addKind(builder, ChangeKind.RoomPut);
      Change.addRoom(builder, room);
      return Change.endChange(builder);
    }
    case 'roomRemoved': {
      const removedId = roomId.write(builder, change.roomId);
      Change.startChange(builder);
      Change.addKind(builder, ChangeKind.RoomRemoved);
      Change.addRoomId(builder, removedId);
      return Change.endChange(builder);
    }
    case 'sessionPut': {
      const session = writeSession(builder, change.session);
      Change.startChange(builder);
      Change.addKind(builder, ChangeKind.SessionPut);
      Change.addSession(builder, session);
      return Change.endChange(builder);
    }
    case 'sessionRemoved':
      Change.startChange(builder);
      Change.addKind(builder, ChangeKind.SessionRemoved);
      Change.addSessionToken(builder, sessionToken(change.sessionToken));
      return Change.endChange(builder);
  }
}

/** The shared view and what changes it (control/room.fbs). */
export const roomCodecs: CodecTable<messages.RoomStreamMessage['type']> = {
  [FrameType.RoomInit]: defineCodec<messages.RoomInit, tables.RoomInit>(
    tables.Payload.RoomInit,
    tables.RoomInit,
    (table) => ({
      type: FrameType.RoomInit,
      rooms: rooms.read(table.roomsLength(), (i) => readRoom(table.rooms(i)!)),
      sessions: sessions.read(table.sessionsLength(), (i) => readSession(table.sessions(i)!)),
    }),
    (builder, message) => {
      const roomOffsets = rooms.write(message.rooms, (room) => writeRoom(builder, room));
      const sessionOffsets = sessions.write(message.sessions, (session) =>
        writeSession(builder, session),
      );
      return tables.RoomInit.createRoomInit(
        builder,
        tables.RoomInit.createRoomsVector(builder, roomOffsets),
        tables.RoomInit.createSessionsVector(builder, sessionOffsets),
      );
    },
  ),
  [FrameType.StateUpdate]: defineCodec<messages.StateUpdate, tables.StateUpdate>(
    tables.Payload.StateUpdate,
    tables.StateUpdate,
    (table) => ({
      type: FrameType.StateUpdate,
      changes: changes.read(table.changesLength(), (i) => readChange(table.changes(i)!)),
    }),
    (builder, message) => {
      const offsets = changes.write(message.changes, (change) => writeChange(builder, change));
      return tables.StateUpdate.createStateUpdate(
        builder,
        tables.StateUpdate.createChangesVector(builder, offsets),
      );
    },
  ),
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
