import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  enumField,
  idField,
  idListField,
  integerField,
  listField,
  optional,
  textField,
  utf8Bytes,
} from './fields.js';
import { linkCodecs } from './linkCodecs.js';
import { roomCommandCodecs } from './roomCommandCodecs.js';
import { bitrate, bundleWindowMs, speakersMax } from './roomVoiceFields.js';

const roomId = idField('roomId');
const parentId = idField('parentId');
const name = textField('name', fieldLimits.roomNameBytesMax);
const sessionToken = integerField('sessionTokens', 0, 0xffffffff);
const sessionTokens = listField('sessionTokens', fieldLimits.whisperSessionsMax);
const roomIds = idListField('roomIds', fieldLimits.whisperRoomsMax);
const userIds = idListField('userIds', fieldLimits.whisperUsersMax);
const subscribedRoomIds = idListField('roomIds', fieldLimits.subscribedRoomsMax);
const viewPart = enumField('part', tables.ViewPart);
const roomOrNone = optional(roomId);
const listId = integerField('listId', 0, 0xffffffff);

/** What a client asks for (control/commands.fbs). */
export const commandCodecs: CodecTable<
  Exclude<
    messages.CommandMessage,
    | messages.TextCommand
    | messages.ReadingCommand
    | messages.TalkCommand
    | messages.ModerationCommand
    | messages.AccessCommand
    | messages.CallCommand
    | messages.PrivateCommand
    | messages.AccountCommand
    | messages.BulkMessage
  >['type']
> = {
  ...linkCodecs,
  ...roomCommandCodecs,
  [FrameType.JoinRoom]: defineCodec<messages.JoinRoom, tables.JoinRoom>(
    tables.Payload.JoinRoom,
    tables.JoinRoom,
    (table) => ({ type: FrameType.JoinRoom, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.JoinRoom.createJoinRoom(builder, roomId.write(builder, message.roomId)),
  ),
  [FrameType.LeaveRoom]: defineCodec<messages.LeaveRoom, tables.LeaveRoom>(
    tables.Payload.LeaveRoom,
    tables.LeaveRoom,
    () => ({ type: FrameType.LeaveRoom }),
    (builder) => tables.LeaveRoom.createLeaveRoom(builder),
  ),
  [FrameType.CreateRoom]: defineCodec<messages.CreateRoom, tables.CreateRoom>(
    tables.Payload.CreateRoom,
    tables.CreateRoom,
    (table) => ({
      type: FrameType.CreateRoom,
      parentId: parentId.read(table.parentIdArray()),
      name: name.read(table.name(utf8Bytes)),
      isTemporary: table.isTemporary(),
    }),
    (builder, message) =>
      tables.CreateRoom.createCreateRoom(
        builder,
        parentId.write(builder, message.parentId),
        name.write(builder, message.name),
        message.isTemporary,
      ),
  ),
  [FrameType.RenameRoom]: defineCodec<messages.RenameRoom, tables.RenameRoom>(
    tables.Payload.RenameRoom,
    tables.RenameRoom,
    (table) => ({
      type: FrameType.RenameRoom,
      roomId: roomId.read(table.roomIdArray()),
      name: name.read(table.name(utf8Bytes)),
    }),
    (builder, message) =>
      tables.RenameRoom.createRenameRoom(
        builder,
        roomId.write(builder, message.roomId),
        name.write(builder, message.name),
      ),
  ),
  [FrameType.DeleteRoom]: defineCodec<messages.DeleteRoom, tables.DeleteRoom>(
    tables.Payload.DeleteRoom,
    tables.DeleteRoom,
    (table) => ({ type: FrameType.DeleteRoom, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.DeleteRoom.createDeleteRoom(builder, roomId.write(builder, message.roomId)),
  ),
  [FrameType.SetSelfState]: defineCodec<messages.SetSelfState, tables.SetSelfState>(
    tables.Payload.SetSelfState,
    tables.SetSelfState,
    (table) => ({
      type: FrameType.SetSelfState,
      muted: table.muted(),
      deafened: table.deafened(),
    }),
    (builder, message) =>
      tables.SetSelfState.createSetSelfState(builder, message.muted, message.deafened),
  ),
  [FrameType.SetRecording]: defineCodec<messages.SetRecording, tables.SetRecording>(
    tables.Payload.SetRecording,
    tables.SetRecording,
    (table) => ({ type: FrameType.SetRecording, isRecording: table.isRecording() }),
    (builder, message) => tables.SetRecording.createSetRecording(builder, message.isRecording),
  ),
  [FrameType.RegisterWhisper]: defineCodec<messages.RegisterWhisper, tables.RegisterWhisper>(
    tables.Payload.RegisterWhisper,
    tables.RegisterWhisper,
    (table) => ({
      type: FrameType.RegisterWhisper,
      sessionTokens: sessionTokens.read(table.sessionTokensLength(), (i) =>
        table.sessionTokens(i)!,
      ),
      roomIds: roomIds.read(table.roomIdsArray()),
      withChildren: table.withChildren(),
      userIds: userIds.read(table.userIdsArray()),
    }),
    (builder, message) =>
      tables.RegisterWhisper.createRegisterWhisper(
        builder,
        tables.RegisterWhisper.createSessionTokensVector(
          builder,
          sessionTokens.write(message.sessionTokens, sessionToken),
        ),
        roomIds.write(builder, message.roomIds),
        message.withChildren,
        userIds.write(builder, message.userIds),
      ),
  ),
  [FrameType.RemoveWhisper]: defineCodec<messages.RemoveWhisper, tables.RemoveWhisper>(
    tables.Payload.RemoveWhisper,
    tables.RemoveWhisper,
    (table) => ({ type: FrameType.RemoveWhisper, listId: table.listId() }),
    (builder, message) => tables.RemoveWhisper.createRemoveWhisper(builder, listId(message.listId)),
  ),
  [FrameType.Subscribe]: defineCodec<messages.Subscribe, tables.Subscribe>(
    tables.Payload.Subscribe,
    tables.Subscribe,
    (table) => ({
      type: FrameType.Subscribe,
      roomIds: subscribedRoomIds.read(table.roomIdsArray()),
    }),
    (builder, message) =>
      tables.Subscribe.createSubscribe(builder, subscribedRoomIds.write(builder, message.roomIds)),
  ),
  [FrameType.Resync]: defineCodec<messages.Resync, tables.Resync>(
    tables.Payload.Resync,
    tables.Resync,
    (table) => ({
      type: FrameType.Resync,
      part: viewPart(table.part()),
      roomId: roomOrNone.read(table.roomIdArray()),
    }),
    (builder, message) => {
      const room = roomOrNone.write(builder, message.roomId);
      return tables.Resync.createResync(builder, viewPart(message.part), room);
    },
  ),
  [FrameType.SetRoomVoice]: defineCodec<messages.SetRoomVoice, tables.SetRoomVoice>(
    tables.Payload.SetRoomVoice,
    tables.SetRoomVoice,
    (table) => ({
      type: FrameType.SetRoomVoice,
      roomId: roomId.read(table.roomIdArray()),
      speakersMax: speakersMax(table.speakersMax()),
      bundleWindowMs: bundleWindowMs(table.bundleWindowMs()),
      bitrate: bitrate(table.bitrate()),
    }),
    (builder, message) =>
      tables.SetRoomVoice.createSetRoomVoice(
        builder,
        roomId.write(builder, message.roomId),
        speakersMax(message.speakersMax),
        bundleWindowMs(message.bundleWindowMs),
        bitrate(message.bitrate),
      ),
  ),
};
