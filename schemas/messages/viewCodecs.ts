import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import type { Uuid } from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { ProtocolError } from '../protocolError.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  enumField,
  idField,
  integerField,
  listField,
  optional,
  present,
  sortedIdListField,
  textField,
  utf8Bytes,
} from './fields.js';
import * as properties from './roomPropertyFields.js';
import { bitrate, bundleWindowMs, speakersMax } from './roomVoiceFields.js';

const roomId = idField('roomId');
const parentId = optional(idField('parentId'));
const roomName = textField('name', fieldLimits.roomNameBytesMax);
const rooms = listField('rooms', fieldLimits.listMax);
const memberCounts = listField('memberCounts', fieldLimits.listMax);
const memberCount = integerField('memberCount', 0, 0xffffffff);
const sessionToken = integerField('sessionToken', 0, 0xffffffff);
const userId = idField('userId');
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const roomOrNone = optional(roomId);
const members = listField('members', fieldLimits.listMax);
const changes = listField('changes', fieldLimits.listMax);
const linkedRoomIds = sortedIdListField('linkedRoomIds', fieldLimits.linksPerRoomMax);
const listeningTo = sortedIdListField('listeningTo', fieldLimits.listenedRoomsMax);
const changeKind = enumField('kind', tables.ChangeKind);

const { Change, ChangeKind } = tables;

/** Of a room without description, which most are. */
const noText = new Uint8Array(0);

function readRoom(table: tables.RoomInfo): messages.RoomInfo {
  return {
    roomId: roomId.read(table.roomIdArray()),
    parentId: parentId.read(table.parentIdArray()),
    name: roomName.read(table.name(utf8Bytes)),
    speakersMax: speakersMax(table.speakersMax()),
    bundleWindowMs: bundleWindowMs(table.bundleWindowMs()),
    bitrate: bitrate(table.bitrate()),
    linkedRoomIds: linkedRoomIds.read(table.linkedRoomIdsArray()),
    description: properties.description.read(table.description(utf8Bytes) ?? noText),
    position: properties.position(table.position()),
    userLimit: properties.userLimit(table.userLimit()),
    isTemporary: table.isTemporary(),
    frameMs: properties.frameMs(table.frameMs()),
    isFecOn: table.isFecOn(),
    keepDays: properties.keepDays(table.keepDays()),
    keepMessages: properties.keepMessages(table.keepMessages()),
    slowModeSeconds: properties.slowModeSeconds(table.slowModeSeconds()),
    isLocked: table.isLocked(),
    isPrivate: table.isPrivate(),
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
    linkedRoomIds.write(builder, room.linkedRoomIds),
    room.description === '' ? 0 : properties.description.write(builder, room.description),
    properties.position(room.position),
    properties.userLimit(room.userLimit),
    room.isTemporary,
    properties.frameMs(room.frameMs),
    room.isFecOn,
    properties.keepDays(room.keepDays),
    properties.keepMessages(room.keepMessages),
    properties.slowModeSeconds(room.slowModeSeconds),
    room.isLocked,
    room.isPrivate,
  );
}

/** @param of the room, where the message tells it once for all */
function readSession(table: tables.SessionInfo, of: Uuid | null): messages.SessionInfo {
  return {
    sessionToken: table.sessionToken(),
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
    roomId: of,
    muted: table.muted(),
    deafened: table.deafened(),
    listeningTo: listeningTo.read(table.listeningToArray()),
    isReconnecting: table.isReconnecting(),
    mutedByModerator: table.mutedByModerator(),
    deafenedByModerator: table.deafenedByModerator(),
    suppressedByModerator: table.suppressedByModerator(),
    isPrioritySpeaker: table.isPrioritySpeaker(),
    isRecording: table.isRecording(),
    suppressedByRules: table.suppressedByRules(),
    isBot: table.isBot(),
  };
}

/** @param room offset of its id; 0 leaves it out */
function writeSession(builder: Builder, session: messages.SessionInfo, room: Offset): Offset {
  return tables.SessionInfo.createSessionInfo(
    builder,
    sessionToken(session.sessionToken),
    userId.write(builder, session.userId),
    displayName.write(builder, session.displayName),
    room,
    session.muted,
    session.deafened,
    listeningTo.write(builder, session.listeningTo),
    session.isReconnecting,
    session.mutedByModerator,
    session.deafenedByModerator,
    session.suppressedByModerator,
    session.isPrioritySpeaker,
    session.isRecording,
    session.suppressedByRules,
    session.isBot,
  );
}

function writeMember(builder: Builder, session: messages.SessionInfo, of: Uuid | null): Offset {
  if (session.roomId !== of) {
    throw new ProtocolError('invalidField', `roomId of a member is ${session.roomId}, not ${of}`);
  }
  return writeSession(builder, session, 0);
}

function readTreeChange(table: tables.Change): messages.TreeChange {
  const kind = changeKind(table.kind());
  switch (kind) {
    case ChangeKind.RoomPut:
      return { kind: 'roomPut', room: readRoom(present('room', table.room())) };
    case ChangeKind.RoomRemoved:
      return { kind: 'roomRemoved', roomId: roomId.read(table.roomIdArray()) };
    case ChangeKind.RoomCount:
      return {
        kind: 'roomCount',
        roomId: roomId.read(table.roomIdArray()),
        memberCount: table.memberCount(),
      };
    case ChangeKind.SessionPut:
    case ChangeKind.SessionRemoved:
      return refuseKind(kind);
  }
}

function readMemberChange(table: tables.Change, of: Uuid | null): messages.MemberChange {
  const kind = changeKind(table.kind());
  switch (kind) {
    case ChangeKind.SessionPut: {
      const session = readSession(present('session', table.session()), of);
      return { kind: 'sessionPut', session };
    }
    case ChangeKind.SessionRemoved:
      return { kind: 'sessionRemoved', sessionToken: table.sessionToken() };
    case ChangeKind.RoomPut:
    case ChangeKind.RoomRemoved:
    case ChangeKind.RoomCount:
      return refuseKind(kind);
  }
}

function refuseKind(kind: tables.ChangeKind): never {
  throw new ProtocolError('invalidField', `kind is ${ChangeKind[kind]}, which has no place here`);
}

function writeTreeChange(builder: Builder, change: messages.TreeChange): Offset {
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
    case 'roomCount': {
      const countedId = roomId.write(builder, change.roomId);
      Change.startChange(builder);
      Change.addKind(builder, ChangeKind.RoomCount);
      Change.addRoomId(builder, countedId);
      Change.addMemberCount(builder, memberCount(change.memberCount));
      return Change.endChange(builder);
    }
  }
}

function writeMemberChange(
  builder: Builder,
  change: messages.MemberChange,
  of: Uuid | null,
): Offset {
  switch (change.kind) {
    case 'sessionPut': {
      const session = writeMember(builder, change.session, of);
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

/** What the view of a client follows from (control/room.fbs). */
export const viewCodecs: CodecTable<messages.ViewMessage['type']> = {
  [FrameType.RoomInit]: defineCodec<messages.RoomInit, tables.RoomInit>(
    tables.Payload.RoomInit,
    tables.RoomInit,
    (table) => {
      const roomCount = table.roomsLength();
      if (table.memberCountsLength() !== roomCount) {
        throw new ProtocolError('invalidField', 'memberCounts has not one count for each room');
      }
      return {
        type: FrameType.RoomInit,
        rooms: rooms.read(roomCount, (i) => readRoom(table.rooms(i)!)),
        memberCounts: memberCounts.read(roomCount, (i) => table.memberCounts(i)!),
      };
    },
    (builder, message) => {
      if (message.memberCounts.length !== message.rooms.length) {
        throw new ProtocolError('invalidField', 'memberCounts has not one count for each room');
      }
      const roomOffsets = rooms.write(message.rooms, (room) => writeRoom(builder, room));
      return tables.RoomInit.createRoomInit(
        builder,
        tables.RoomInit.createRoomsVector(builder, roomOffsets),
        tables.RoomInit.createMemberCountsVector(
          builder,
          memberCounts.write(message.memberCounts, memberCount),
        ),
      );
    },
  ),
  [FrameType.StateUpdate]: defineCodec<messages.StateUpdate, tables.StateUpdate>(
    tables.Payload.StateUpdate,
    tables.StateUpdate,
    (table) => ({
      type: FrameType.StateUpdate,
      changes: changes.read(table.changesLength(), (i) => readTreeChange(table.changes(i)!)),
    }),
    (builder, message) => {
      const offsets = changes.write(message.changes, (change) => writeTreeChange(builder, change));
      return tables.StateUpdate.createStateUpdate(
        builder,
        tables.StateUpdate.createChangesVector(builder, offsets),
      );
    },
  ),
  [FrameType.RoomMembers]: defineCodec<messages.RoomMembers, tables.RoomMembers>(
    tables.Payload.RoomMembers,
    tables.RoomMembers,
    (table) => {
      const of = roomOrNone.read(table.roomIdArray());
      return {
        type: FrameType.RoomMembers,
        roomId: of,
        members: members.read(table.membersLength(), (i) => readSession(table.members(i)!, of)),
      };
    },
    (builder, message) => {
      const offsets = members.write(message.members, (member) =>
        writeMember(builder, member, message.roomId),
      );
      return tables.RoomMembers.createRoomMembers(
        builder,
        roomOrNone.write(builder, message.roomId),
        tables.RoomMembers.createMembersVector(builder, offsets),
      );
    },
  ),
  [FrameType.MembersUpdate]: defineCodec<messages.MembersUpdate, tables.MembersUpdate>(
    tables.Payload.MembersUpdate,
    tables.MembersUpdate,
    (table) => {
      const of = roomOrNone.read(table.roomIdArray());
      const read = (i: number): messages.MemberChange => readMemberChange(table.changes(i)!, of);
      return {
        type: FrameType.MembersUpdate,
        roomId: of,
        changes: changes.read(table.changesLength(), read),
      };
    },
    (builder, message) => {
      const offsets = changes.write(message.changes, (change) =>
        writeMemberChange(builder, change, message.roomId),
      );
      return tables.MembersUpdate.createMembersUpdate(
        builder,
        roomOrNone.write(builder, message.roomId),
        tables.MembersUpdate.createChangesVector(builder, offsets),
      );
    },
  ),
  [FrameType.MembersEnd]: defineCodec<messages.MembersEnd, tables.MembersEnd>(
    tables.Payload.MembersEnd,
    tables.MembersEnd,
    (table) => ({ type: FrameType.MembersEnd, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.MembersEnd.createMembersEnd(builder, roomId.write(builder, message.roomId)),
  ),
  [FrameType.Presence]: defineCodec<messages.Presence, tables.Presence>(
    tables.Payload.Presence,
    tables.Presence,
    (table) => ({ type: FrameType.Presence, everybody: table.everybody() }),
    (builder, message) => tables.Presence.createPresence(builder, message.everybody),
  ),
  [FrameType.OwnSession]: defineCodec<messages.OwnSession, tables.OwnSession>(
    tables.Payload.OwnSession,
    tables.OwnSession,
    (table) => {
      const session = present('session', table.session());
      const of = roomOrNone.read(session.roomIdArray());
      return { type: FrameType.OwnSession, session: readSession(session, of) };
    },
    (builder, { session }) => {
      const room = roomOrNone.write(builder, session.roomId);
      const { OwnSession } = tables;
      return OwnSession.createOwnSession(builder, writeSession(builder, session, room));
    },
  ),
};
