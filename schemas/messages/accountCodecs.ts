import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { roles } from '../roles.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
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

const inviteId = idField('inviteId');
const createdBy = idField('createdBy');
const userId = idField('userId');
const userIdOrNone = optional(userId);
const roleNumber = integerField('role', 0, roles.length - 1);
const invitedRoleNumber = integerField('role', 1, roles.length - 2);
const usesMax = integerField('usesMax', 0, 0xffff_ffff);
const uses = integerField('uses', 0, 0xffff_ffff);
const validSeconds = integerField('validSeconds', 0, 0xffff_ffff);
const createdMs = safeIntegerField('createdMs');
const expiresMs = safeIntegerField('expiresMs');
const askedMs = safeIntegerField('askedMs');
const note = textField('note', fieldLimits.inviteNoteBytesMax);
const code = textField('code', fieldLimits.inviteCodeBytesMax);
const currentPassword = textField('currentPassword', fieldLimits.passwordBytesMax);
const newPassword = textField('newPassword', fieldLimits.passwordBytesMax);
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const registration = enumField('registration', tables.Registration);
const invites = listField('invites', fieldLimits.invitesMax);
const requests = listField('requests', fieldLimits.joinRequestsMax);

type AccountType = (messages.AccountCommand | messages.AccountAnswer)['type'];
type InviteType =
  | (messages.MakeInvite | messages.InviteMade | messages.ReadInvites | messages.InviteList)['type']
  | (messages.WithdrawInvite | messages.RedeemCode)['type'];

const inviteCodecs: CodecTable<InviteType> = {
  [FrameType.MakeInvite]: defineCodec<messages.MakeInvite, tables.MakeInvite>(
    tables.Payload.MakeInvite,
    tables.MakeInvite,
    (table) => ({
      type: FrameType.MakeInvite,
      role: invitedRole(table.role()),
      usesMax: table.usesMax(),
      validSeconds: table.validSeconds(),
      note: note.read(table.note(utf8Bytes)),
    }),
    (builder, message) =>
      tables.MakeInvite.createMakeInvite(
        builder,
        roles.indexOf(message.role),
        usesMax(message.usesMax),
        validSeconds(message.validSeconds),
        note.write(builder, message.note),
      ),
  ),
  [FrameType.InviteMade]: defineCodec<messages.InviteMade, tables.InviteMade>(
    tables.Payload.InviteMade,
    tables.InviteMade,
    (table) => ({
      type: FrameType.InviteMade,
      inviteId: inviteId.read(table.inviteIdArray()),
      code: code.read(table.code(utf8Bytes)),
    }),
    (builder, message) =>
      tables.InviteMade.createInviteMade(
        builder,
        inviteId.write(builder, message.inviteId),
        code.write(builder, message.code),
      ),
  ),
  [FrameType.ReadInvites]: defineCodec<messages.ReadInvites, tables.ReadInvites>(
    tables.Payload.ReadInvites,
    tables.ReadInvites,
    () => ({ type: FrameType.ReadInvites }),
    (builder) => tables.ReadInvites.createReadInvites(builder),
  ),
  [FrameType.InviteList]: defineCodec<messages.InviteList, tables.InviteList>(
    tables.Payload.InviteList,
    tables.InviteList,
    (table) => ({
      type: FrameType.InviteList,
      invites: invites.read(table.invitesLength(), (index) =>
        readInvite(present('invite', table.invites(index))),
      ),
    }),
    (builder, message) => {
      const offsets = invites.write(message.invites, (invite) => writeInvite(builder, invite));
      const vector = tables.InviteList.createInvitesVector(builder, offsets);
      return tables.InviteList.createInviteList(builder, vector);
    },
  ),
  [FrameType.WithdrawInvite]: defineCodec<messages.WithdrawInvite, tables.WithdrawInvite>(
    tables.Payload.WithdrawInvite,
    tables.WithdrawInvite,
    (table) => ({
      type: FrameType.WithdrawInvite,
      inviteId: inviteId.read(table.inviteIdArray()),
    }),
    (builder, message) =>
      tables.WithdrawInvite.createWithdrawInvite(
        builder,
        inviteId.write(builder, message.inviteId),
      ),
  ),
  [FrameType.RedeemCode]: defineCodec<messages.RedeemCode, tables.RedeemCode>(
    tables.Payload.RedeemCode,
    tables.RedeemCode,
    (table) => ({ type: FrameType.RedeemCode, code: code.read(table.code(utf8Bytes)) }),
    (builder, message) =>
      tables.RedeemCode.createRedeemCode(builder, code.write(builder, message.code)),
  ),
};

/** Accounts and invitations (control/accounts.fbs). */
export const accountCodecs: CodecTable<AccountType> = {
  ...inviteCodecs,
  [FrameType.RegisterUser]: defineCodec<messages.RegisterUser, tables.RegisterUser>(
    tables.Payload.RegisterUser,
    tables.RegisterUser,
    (table) => ({ type: FrameType.RegisterUser, userId: userId.read(table.userIdArray()) }),
    (builder, message) =>
      tables.RegisterUser.createRegisterUser(builder, userId.write(builder, message.userId)),
  ),
  [FrameType.DenyRequest]: defineCodec<messages.DenyRequest, tables.DenyRequest>(
    tables.Payload.DenyRequest,
    tables.DenyRequest,
    (table) => ({ type: FrameType.DenyRequest, userId: userId.read(table.userIdArray()) }),
    (builder, message) =>
      tables.DenyRequest.createDenyRequest(builder, userId.write(builder, message.userId)),
  ),
  [FrameType.ReadRequests]: defineCodec<messages.ReadRequests, tables.ReadRequests>(
    tables.Payload.ReadRequests,
    tables.ReadRequests,
    () => ({ type: FrameType.ReadRequests }),
    (builder) => tables.ReadRequests.createReadRequests(builder),
  ),
  [FrameType.RequestList]: defineCodec<messages.RequestList, tables.RequestList>(
    tables.Payload.RequestList,
    tables.RequestList,
    (table) => ({
      type: FrameType.RequestList,
      requests: requests.read(table.requestsLength(), (index) =>
        readRequest(present('request', table.requests(index))),
      ),
    }),
    (builder, message) => {
      const offsets = requests.write(message.requests, (request) => writeRequest(builder, request));
      const vector = tables.RequestList.createRequestsVector(builder, offsets);
      return tables.RequestList.createRequestList(builder, vector);
    },
  ),
  [FrameType.SetAccountPassword]: defineCodec<
    messages.SetAccountPassword,
    tables.SetAccountPassword
  >(
    tables.Payload.SetAccountPassword,
    tables.SetAccountPassword,
    (table) => ({
      type: FrameType.SetAccountPassword,
      userId: userIdOrNone.read(table.userIdArray()),
      currentPassword: currentPassword.read(table.currentPassword(utf8Bytes)),
      newPassword: newPassword.read(table.newPassword(utf8Bytes)),
    }),
    (builder, message) =>
      tables.SetAccountPassword.createSetAccountPassword(
        builder,
        userIdOrNone.write(builder, message.userId),
        currentPassword.write(builder, message.currentPassword),
        newPassword.write(builder, message.newPassword),
      ),
  ),
  [FrameType.ReadAccount]: defineCodec<messages.ReadAccount, tables.ReadAccount>(
    tables.Payload.ReadAccount,
    tables.ReadAccount,
    () => ({ type: FrameType.ReadAccount }),
    (builder) => tables.ReadAccount.createReadAccount(builder),
  ),
  [FrameType.AccountInfo]: defineCodec<messages.AccountInfo, tables.AccountInfo>(
    tables.Payload.AccountInfo,
    tables.AccountInfo,
    (table) => ({
      type: FrameType.AccountInfo,
      role: roles[roleNumber(table.role())]!,
      isRegistered: table.isRegistered(),
      hasPassword: table.hasPassword(),
      registration: registration(table.registration()),
    }),
    (builder, message) =>
      tables.AccountInfo.createAccountInfo(
        builder,
        roles.indexOf(message.role),
        message.isRegistered,
        message.hasPassword,
        registration(message.registration),
      ),
  ),
  [FrameType.SetRegistration]: defineCodec<messages.SetRegistration, tables.SetRegistration>(
    tables.Payload.SetRegistration,
    tables.SetRegistration,
    (table) => ({
      type: FrameType.SetRegistration,
      registration: registration(table.registration()),
    }),
    (builder, message) =>
      tables.SetRegistration.createSetRegistration(builder, registration(message.registration)),
  ),
  [FrameType.SetName]: defineCodec<messages.SetName, tables.SetName>(
    tables.Payload.SetName,
    tables.SetName,
    (table) => ({ type: FrameType.SetName, name: displayName.read(table.name(utf8Bytes)) }),
    (builder, message) =>
      tables.SetName.createSetName(builder, displayName.write(builder, message.name)),
  ),
};

function readInvite(table: tables.InviteInfo): messages.InviteInfo {
  return {
    inviteId: inviteId.read(table.inviteIdArray()),
    role: invitedRole(table.role()),
    usesMax: table.usesMax(),
    uses: table.uses(),
    createdMs: createdMs.read(table.createdMs()),
    expiresMs: expiresMs.read(table.expiresMs()),
    createdBy: createdBy.read(table.createdByArray()),
    note: note.read(table.note(utf8Bytes)),
  };
}

function writeInvite(builder: Builder, invite: messages.InviteInfo): Offset {
  return tables.InviteInfo.createInviteInfo(
    builder,
    inviteId.write(builder, invite.inviteId),
    roles.indexOf(invite.role),
    usesMax(invite.usesMax),
    uses(invite.uses),
    createdMs.write(invite.createdMs),
    expiresMs.write(invite.expiresMs),
    createdBy.write(builder, invite.createdBy),
    note.write(builder, invite.note),
  );
}

function readRequest(table: tables.JoinRequest): messages.JoinRequest {
  return {
    userId: userId.read(table.userIdArray()),
    displayName: displayName.read(table.displayName(utf8Bytes)),
    askedMs: askedMs.read(table.askedMs()),
  };
}

function writeRequest(builder: Builder, request: messages.JoinRequest): Offset {
  return tables.JoinRequest.createJoinRequest(
    builder,
    userId.write(builder, request.userId),
    displayName.write(builder, request.displayName),
    askedMs.write(request.askedMs),
  );
}

/** Neither the lowest role nor the highest is given by invitation. */
function invitedRole(number: number): messages.InvitedRole {
  return roles[invitedRoleNumber(number)] as messages.InvitedRole;
}
