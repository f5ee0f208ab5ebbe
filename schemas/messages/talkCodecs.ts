import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { ProtocolError } from '../protocolError.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  idField,
  idListField,
  listField,
  optional,
  present,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';

const talkId = idField('talkId');
const userId = idField('userId');
const userIds = idListField('userIds', fieldLimits.talkUsersMax);
const addedUserIds = idListField('addedUserIds', fieldLimits.talkUsersMax);
const name = textField('name', fieldLimits.roomNameBytesMax);
const nameOrNone = optional(name);
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const lastSeenMs = safeIntegerField('lastSeenMs');
const users = listField('users', fieldLimits.foundUsersMax);
const participants = listField('participants', fieldLimits.talkUsersMax);
const talks = listField('talks', fieldLimits.talksMax);

/** Talks, and finding somebody to talk to (control/talks.fbs). */
export const talkCodecs: CodecTable<
  (messages.TalkCommand | messages.TalkMessage | messages.UsersFound)['type']
> = {
  [FrameType.OpenTalk]: defineCodec<messages.OpenTalk, tables.OpenTalk>(
    tables.Payload.OpenTalk,
    tables.OpenTalk,
    (table) => ({ type: FrameType.OpenTalk, userId: userId.read(table.userIdArray()) }),
    (builder, message) =>
      tables.OpenTalk.createOpenTalk(builder, userId.write(builder, message.userId)),
  ),
  [FrameType.CreateTalk]: defineCodec<messages.CreateTalk, tables.CreateTalk>(
    tables.Payload.CreateTalk,
    tables.CreateTalk,
    (table) => ({
      type: FrameType.CreateTalk,
      name: name.read(table.name(utf8Bytes)),
      userIds: userIds.read(table.userIdsArray()),
    }),
    (builder, message) =>
      tables.CreateTalk.createCreateTalk(
        builder,
        name.write(builder, message.name),
        userIds.write(builder, message.userIds),
      ),
  ),
  [FrameType.EditTalk]: defineCodec<messages.EditTalk, tables.EditTalk>(
    tables.Payload.EditTalk,
    tables.EditTalk,
    (table) => ({
      type: FrameType.EditTalk,
      talkId: talkId.read(table.talkIdArray()),
      name: nameOrNone.read(table.name(utf8Bytes)),
      addedUserIds: addedUserIds.read(table.addedUserIdsArray()),
    }),
    (builder, message) =>
      tables.EditTalk.createEditTalk(
        builder,
        talkId.write(builder, message.talkId),
        nameOrNone.write(builder, message.name),
        addedUserIds.write(builder, message.addedUserIds),
      ),
  ),
  [FrameType.LeaveTalk]: defineCodec<messages.LeaveTalk, tables.LeaveTalk>(
    tables.Payload.LeaveTalk,
    tables.LeaveTalk,
    (table) => ({ type: FrameType.LeaveTalk, talkId: talkId.read(table.talkIdArray()) }),
    (builder, message) =>
      tables.LeaveTalk.createLeaveTalk(builder, talkId.write(builder, message.talkId)),
  ),
  [FrameType.FindUsers]: defineCodec<messages.FindUsers, tables.FindUsers>(
    tables.Payload.FindUsers,
    tables.FindUsers,
    (table) => ({ type: FrameType.FindUsers, name: displayName.read(table.name(utf8Bytes)) }),
    (builder, message) =>
      tables.FindUsers.createFindUsers(builder, displayName.write(builder, message.name)),
  ),
  [FrameType.UsersFound]: defineCodec<messages.UsersFound, tables.UsersFound>(
    tables.Payload.UsersFound,
    tables.UsersFound,
    (table) => ({
      type: FrameType.UsersFound,
      users: users.read(table.usersLength(), (index) =>
        readFoundUser(present('user', table.users(index))),
      ),
    }),
    (builder, message) => {
      const offsets = users.write(message.users, (user) => writeFoundUser(builder, user));
      const vector = tables.UsersFound.createUsersVector(builder, offsets);
      return tables.UsersFound.createUsersFound(builder, vector);
    },
  ),
  [FrameType.TalkList]: defineCodec<messages.TalkList, tables.TalkList>(
    tables.Payload.TalkList,
    tables.TalkList,
    (table) => ({
      type: FrameType.TalkList,
      talks: talks.read(table.talksLength(), (index) =>
        readTalk(present('talk', table.talks(index))),
      ),
    }),
    (builder, message) => {
      const offsets = talks.write(message.talks, (talk) => writeTalk(builder, talk));
      const vector = tables.TalkList.createTalksVector(builder, offsets);
      return tables.TalkList.createTalkList(builder, vector);
    },
  ),
  [FrameType.TalkPut]: defineCodec<messages.TalkPut, tables.TalkPut>(
    tables.Payload.TalkPut,
    tables.TalkPut,
    (table) => ({ type: FrameType.TalkPut, talk: readTalk(present('talk', table.talk())) }),
    (builder, message) => tables.TalkPut.createTalkPut(builder, writeTalk(builder, message.talk)),
  ),
  [FrameType.TalkRemoved]: defineCodec<messages.TalkRemoved, tables.TalkRemoved>(
    tables.Payload.TalkRemoved,
    tables.TalkRemoved,
    (table) => ({ type: FrameType.TalkRemoved, talkId: talkId.read(table.talkIdArray()) }),
    (builder, message) =>
      tables.TalkRemoved.createTalkRemoved(builder, talkId.write(builder, message.talkId)),
  ),
};

function readFoundUser(table: tables.FoundUser): messages.FoundUser {
  return {
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
    online: table.online(),
    lastSeenMs: lastSeenMs.read(table.lastSeenMs()),
  };
}

function writeFoundUser(builder: Builder, user: messages.FoundUser): Offset {
  return tables.FoundUser.createFoundUser(
    builder,
    userId.write(builder, user.userId),
    displayName.write(builder, user.displayName),
    user.online,
    lastSeenMs.write(user.lastSeenMs),
  );
}

function readTalk(table: tables.TalkInfo): messages.TalkInfo {
  return {
    talkId: talkId.read(table.talkIdArray()),
    type: talkType(table.type()),
    name: name.read(table.name(utf8Bytes)),
    participants: participants.read(table.participantsLength(), (index) =>
      readParticipant(present('participant', table.participants(index))),
    ),
  };
}

function writeTalk(builder: Builder, talk: messages.TalkInfo): Offset {
  const id = talkId.write(builder, talk.talkId);
  const nameOffset = name.write(builder, talk.name);
  const offsets = participants.write(talk.participants, (participant) =>
    writeParticipant(builder, participant),
  );
  const vector = tables.TalkInfo.createParticipantsVector(builder, offsets);
  return tables.TalkInfo.createTalkInfo(builder, id, talkType(talk.type), nameOffset, vector);
}

function readParticipant(table: tables.Participant): messages.Participant {
  return {
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
  };
}

function writeParticipant(builder: Builder, participant: messages.Participant): Offset {
  return tables.Participant.createParticipant(
    builder,
    userId.write(builder, participant.userId),
    displayName.write(builder, participant.displayName),
  );
}

/** A room of the tree is no talk. */
function talkType(type: tables.RoomType): messages.TalkInfo['type'] {
  if (type === tables.RoomType.Direct || type === tables.RoomType.Group) return type;
  throw new ProtocolError('invalidField', `type is ${type}, which is no talk`);
}
