import type { Builder, Offset } from 'flatbuffers';
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
  present,
  safeIntegerField,
} from './fields.js';

const talkId = idField('talkId');
const userId = idField('userId');
const entry = enumField<tables.CallEntry>('entry', tables.CallEntry);
const sessionToken = integerField('sessionToken', 0, 0xffffffff);
const startedAtMs = safeIntegerField('startedAtMs');
const members = listField('members', fieldLimits.talkUsersMax);
const ringingUserIds = idListField('ringingUserIds', fieldLimits.talkUsersMax);
const declinedUserIds = idListField('declinedUserIds', fieldLimits.talkUsersMax);

/** Calls: the voice of talks (control/calls.fbs). */
export const callCodecs: CodecTable<(messages.CallCommand | messages.CallPut)['type']> = {
  [FrameType.EnterCall]: defineCodec<messages.EnterCall, tables.EnterCall>(
    tables.Payload.EnterCall,
    tables.EnterCall,
    (table) => ({
      type: FrameType.EnterCall,
      talkId: talkId.read(table.talkIdArray()),
      entry: entry(table.entry()),
    }),
    (builder, message) =>
      tables.EnterCall.createEnterCall(
        builder,
        talkId.write(builder, message.talkId),
        entry(message.entry),
      ),
  ),
  [FrameType.LeaveCall]: defineCodec<messages.LeaveCall, tables.LeaveCall>(
    tables.Payload.LeaveCall,
    tables.LeaveCall,
    () => ({ type: FrameType.LeaveCall }),
    (builder) => tables.LeaveCall.createLeaveCall(builder),
  ),
  [FrameType.DeclineCall]: defineCodec<messages.DeclineCall, tables.DeclineCall>(
    tables.Payload.DeclineCall,
    tables.DeclineCall,
    (table) => ({ type: FrameType.DeclineCall, talkId: talkId.read(table.talkIdArray()) }),
    (builder, message) =>
      tables.DeclineCall.createDeclineCall(builder, talkId.write(builder, message.talkId)),
  ),
  [FrameType.CallPut]: defineCodec<messages.CallPut, tables.CallPut>(
    tables.Payload.CallPut,
    tables.CallPut,
    (table) => ({ type: FrameType.CallPut, call: readCall(present('call', table.call())) }),
    (builder, message) => tables.CallPut.createCallPut(builder, writeCall(builder, message.call)),
  ),
};

function readCall(table: tables.CallInfo): messages.CallInfo {
  return {
    talkId: talkId.read(table.talkIdArray()),
    startedAtMs: startedAtMs.read(table.startedAtMs()),
    members: members.read(table.membersLength(), (index) =>
      readMember(present('member', table.members(index))),
    ),
    ringingUserIds: ringingUserIds.read(table.ringingUserIdsArray()),
    declinedUserIds: declinedUserIds.read(table.declinedUserIdsArray()),
  };
}

function writeCall(builder: Builder, call: messages.CallInfo): Offset {
  const id = talkId.write(builder, call.talkId);
  const offsets = members.write(call.members, (member) => writeMember(builder, member));
  const vector = tables.CallInfo.createMembersVector(builder, offsets);
  return tables.CallInfo.createCallInfo(
    builder,
    id,
    startedAtMs.write(call.startedAtMs),
    vector,
    ringingUserIds.write(builder, call.ringingUserIds),
    declinedUserIds.write(builder, call.declinedUserIds),
  );
}

function readMember(table: tables.CallMember): messages.CallMember {
  return {
    sessionToken: table.sessionToken(),
    userId: userId.read(table.userIdArray()),
    muted: table.muted(),
    deafened: table.deafened(),
    isReconnecting: table.isReconnecting(),
    isRecording: table.isRecording(),
  };
}

function writeMember(builder: Builder, member: messages.CallMember): Offset {
  return tables.CallMember.createCallMember(
    builder,
    sessionToken(member.sessionToken),
    userId.write(builder, member.userId),
    member.muted,
    member.deafened,
    member.isReconnecting,
    member.isRecording,
  );
}
