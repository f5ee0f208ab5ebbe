import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { roles } from '../roles.js';
import {
  optionalRoleField,
  permissionField,
  permissionSetField,
  readEntry,
  readName,
  roleField,
  writeEntry,
  writeName,
} from './accessFields.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  idField,
  idListField,
  integerField,
  listField,
  optional,
  present,
  textField,
  utf8Bytes,
} from './fields.js';

const roomId = idField('roomId');
const roomIdOrNone = optional(roomId);
const userId = idField('userId');
const groupId = idField('groupId');
const groupIdOrNone = optional(groupId);
const afterId = optional(userId);
const name = textField('name', fieldLimits.roomNameBytesMax);
const memberIds = idListField('memberIds', fieldLimits.groupMembersMax);
const members = listField('members', fieldLimits.groupMembersMax);
const version = integerField('version', 0, 0xffffffff);
const entries = listField('entries', fieldLimits.aclEntriesMax);
const names = listField('names', fieldLimits.aclEntriesMax);
const password = textField('password', fieldLimits.passwordBytesMax);
const passwordOrNone = optional(password);
const groups = listField('groups', fieldLimits.groupsMax);
const grantsOfRoles = listField('grants', roles.length);
const users = listField('users', fieldLimits.rolesPerPageMax);
const text = textField('text', fieldLimits.noteBytesMax);

/** Who may do what (control/access.fbs). */
export const accessCodecs: CodecTable<
  (messages.AccessCommand | messages.AccessAnswer | messages.OwnAccess)['type']
> = {
  [FrameType.SetRole]: defineCodec<messages.SetRole, tables.SetRole>(
    tables.Payload.SetRole,
    tables.SetRole,
    (table) => ({
      type: FrameType.SetRole,
      userId: userId.read(table.userIdArray()),
      role: roleField.read(table.role()),
    }),
    (builder, message) =>
      tables.SetRole.createSetRole(
        builder,
        userId.write(builder, message.userId),
        roleField.write(message.role),
      ),
  ),
  [FrameType.SetGrants]: defineCodec<messages.SetGrants, tables.SetGrants>(
    tables.Payload.SetGrants,
    tables.SetGrants,
    (table) => ({
      type: FrameType.SetGrants,
      role: roleField.read(table.role()),
      grants: permissionSetField(table.grants()),
    }),
    (builder, message) =>
      tables.SetGrants.createSetGrants(
        builder,
        roleField.write(message.role),
        permissionSetField(message.grants),
      ),
  ),
  [FrameType.PutGroup]: defineCodec<messages.PutGroup, tables.PutGroup>(
    tables.Payload.PutGroup,
    tables.PutGroup,
    (table) => ({
      type: FrameType.PutGroup,
      groupId: groupIdOrNone.read(table.groupIdArray()),
      roomId: roomIdOrNone.read(table.roomIdArray()),
      name: name.read(table.name(utf8Bytes)),
      grants: permissionSetField(table.grants()),
      memberIds: memberIds.read(table.memberIdsArray()),
    }),
    (builder, message) =>
      tables.PutGroup.createPutGroup(
        builder,
        groupIdOrNone.write(builder, message.groupId),
        roomIdOrNone.write(builder, message.roomId),
        name.write(builder, message.name),
        permissionSetField(message.grants),
        memberIds.write(builder, message.memberIds),
      ),
  ),
  [FrameType.RemoveGroup]: defineCodec<messages.RemoveGroup, tables.RemoveGroup>(
    tables.Payload.RemoveGroup,
    tables.RemoveGroup,
    (table) => ({ type: FrameType.RemoveGroup, groupId: groupId.read(table.groupIdArray()) }),
    (builder, message) =>
      tables.RemoveGroup.createRemoveGroup(builder, groupId.write(builder, message.groupId)),
  ),
  [FrameType.SetRoomRules]: defineCodec<messages.SetRoomRules, tables.SetRoomRules>(
    tables.Payload.SetRoomRules,
    tables.SetRoomRules,
    (table) => ({
      type: FrameType.SetRoomRules,
      roomId: roomId.read(table.roomIdArray()),
      version: version(table.version()),
      entries: entries.read(table.entriesLength(), (index) =>
        readEntry(present('entry', table.entries(index))),
      ),
      inherits: table.inherits(),
      requiredRole: optionalRoleField.read(table.requiredRole()),
      password: passwordOrNone.read(table.password(utf8Bytes)),
    }),
    (builder, message) => {
      const entriesVector = tables.SetRoomRules.createEntriesVector(
        builder,
        entries.write(message.entries, (value) => writeEntry(builder, value)),
      );
      return tables.SetRoomRules.createSetRoomRules(
        builder,
        roomId.write(builder, message.roomId),
        version(message.version),
        entriesVector,
        message.inherits,
        optionalRoleField.write(message.requiredRole),
        passwordOrNone.write(builder, message.password),
      );
    },
  ),
  [FrameType.EnterPassword]: defineCodec<messages.EnterPassword, tables.EnterPassword>(
    tables.Payload.EnterPassword,
    tables.EnterPassword,
    (table) => ({
      type: FrameType.EnterPassword,
      roomId: roomId.read(table.roomIdArray()),
      password: password.read(table.password(utf8Bytes)),
    }),
    (builder, message) =>
      tables.EnterPassword.createEnterPassword(
        builder,
        roomId.write(builder, message.roomId),
        password.write(builder, message.password),
      ),
  ),
  [FrameType.ReadRoomRules]: defineCodec<messages.ReadRoomRules, tables.ReadRoomRules>(
    tables.Payload.ReadRoomRules,
    tables.ReadRoomRules,
    (table) => ({ type: FrameType.ReadRoomRules, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.ReadRoomRules.createReadRoomRules(builder, roomId.write(builder, message.roomId)),
  ),
  [FrameType.RoomRulesInfo]: defineCodec<messages.RoomRulesInfo, tables.RoomRulesInfo>(
    tables.Payload.RoomRulesInfo,
    tables.RoomRulesInfo,
    (table) => ({
      type: FrameType.RoomRulesInfo,
      roomId: roomId.read(table.roomIdArray()),
      version: version(table.version()),
      entries: entries.read(table.entriesLength(), (index) =>
        readEntry(present('entry', table.entries(index))),
      ),
      inherits: table.inherits(),
      requiredRole: optionalRoleField.read(table.requiredRole()),
      hasPassword: table.hasPassword(),
      names: names.read(table.namesLength(), (index) =>
        readName(present('name', table.names(index))),
      ),
    }),
    (builder, message) => {
      const entriesVector = tables.RoomRulesInfo.createEntriesVector(
        builder,
        entries.write(message.entries, (value) => writeEntry(builder, value)),
      );
      const namesVector = tables.RoomRulesInfo.createNamesVector(
        builder,
        names.write(message.names, (value) => writeName(builder, value)),
      );
      return tables.RoomRulesInfo.createRoomRulesInfo(
        builder,
        roomId.write(builder, message.roomId),
        version(message.version),
        entriesVector,
        message.inherits,
        optionalRoleField.write(message.requiredRole),
        message.hasPassword,
        namesVector,
      );
    },
  ),
  [FrameType.ReadGroups]: defineCodec<messages.ReadGroups, tables.ReadGroups>(
    tables.Payload.ReadGroups,
    tables.ReadGroups,
    (table) => ({ type: FrameType.ReadGroups, roomId: roomIdOrNone.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.ReadGroups.createReadGroups(builder, roomIdOrNone.write(builder, message.roomId)),
  ),
  [FrameType.GroupList]: defineCodec<messages.GroupList, tables.GroupList>(
    tables.Payload.GroupList,
    tables.GroupList,
    (table) => ({
      type: FrameType.GroupList,
      groups: groups.read(table.groupsLength(), (index) =>
        readGroup(present('group', table.groups(index))),
      ),
    }),
    (builder, message) => {
      const groupsVector = tables.GroupList.createGroupsVector(
        builder,
        groups.write(message.groups, (value) => writeGroup(builder, value)),
      );
      return tables.GroupList.createGroupList(builder, groupsVector);
    },
  ),
  [FrameType.ReadRoles]: defineCodec<messages.ReadRoles, tables.ReadRoles>(
    tables.Payload.ReadRoles,
    tables.ReadRoles,
    (table) => ({ type: FrameType.ReadRoles, afterId: afterId.read(table.afterIdArray()) }),
    (builder, message) =>
      tables.ReadRoles.createReadRoles(builder, afterId.write(builder, message.afterId)),
  ),
  [FrameType.RoleList]: defineCodec<messages.RoleList, tables.RoleList>(
    tables.Payload.RoleList,
    tables.RoleList,
    (table) => ({
      type: FrameType.RoleList,
      everyoneIs: roleField.read(table.everyoneIs()),
      grants: grantsOfRoles.read(table.grantsLength(), (index) =>
        permissionSetField(table.grants(index)!),
      ),
      users: users.read(table.usersLength(), (index) =>
        readUserRole(present('user', table.users(index))),
      ),
      hasMore: table.hasMore(),
    }),
    (builder, message) => {
      const grants = message.grants.map(permissionSetField);
      const grantsVector = tables.RoleList.createGrantsVector(builder, grants);
      const offsets = users.write(message.users, (user) => writeUserRole(builder, user));
      const usersVector = tables.RoleList.createUsersVector(builder, offsets);
      const everyoneIs = roleField.write(message.everyoneIs);
      return tables.RoleList.createRoleList(
        builder,
        everyoneIs,
        grantsVector,
        usersVector,
        message.hasMore,
      );
    },
  ),
  [FrameType.ExplainPermission]: defineCodec<messages.ExplainPermission, tables.ExplainPermission>(
    tables.Payload.ExplainPermission,
    tables.ExplainPermission,
    (table) => ({
      type: FrameType.ExplainPermission,
      userId: userId.read(table.userIdArray()),
      permission: permissionField.read(table.permission()),
      roomId: roomId.read(table.roomIdArray()),
    }),
    (builder, message) =>
      tables.ExplainPermission.createExplainPermission(
        builder,
        userId.write(builder, message.userId),
        permissionField.write(message.permission),
        roomId.write(builder, message.roomId),
      ),
  ),
  [FrameType.Explanation]: defineCodec<messages.Explanation, tables.Explanation>(
    tables.Payload.Explanation,
    tables.Explanation,
    (table) => ({
      type: FrameType.Explanation,
      allowed: table.allowed(),
      text: text.read(table.text(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Explanation.createExplanation(
        builder,
        message.allowed,
        text.write(builder, message.text),
      ),
  ),
  [FrameType.OwnAccess]: defineCodec<messages.OwnAccess, tables.OwnAccess>(
    tables.Payload.OwnAccess,
    tables.OwnAccess,
    (table) => ({
      type: FrameType.OwnAccess,
      role: roleField.read(table.role()),
      roomPermissions: permissionSetField(table.roomPermissions()),
      serverPermissions: permissionSetField(table.serverPermissions()),
    }),
    (builder, message) =>
      tables.OwnAccess.createOwnAccess(
        builder,
        roleField.write(message.role),
        permissionSetField(message.roomPermissions),
        permissionSetField(message.serverPermissions),
      ),
  ),
};

function readGroup(table: tables.GroupInfo): messages.GroupInfo {
  return {
    groupId: groupId.read(table.groupIdArray()),
    roomId: roomIdOrNone.read(table.roomIdArray()),
    name: name.read(table.name(utf8Bytes)),
    grants: permissionSetField(table.grants()),
    members: members.read(table.membersLength(), (index) =>
      readName(present('member', table.members(index))),
    ),
  };
}

function writeGroup(builder: Builder, group: messages.GroupInfo): Offset {
  const offsets = members.write(group.members, (member) => writeName(builder, member));
  const vector = tables.GroupInfo.createMembersVector(builder, offsets);
  return tables.GroupInfo.createGroupInfo(
    builder,
    groupId.write(builder, group.groupId),
    roomIdOrNone.write(builder, group.roomId),
    name.write(builder, group.name),
    permissionSetField(group.grants),
    vector,
  );
}

function readUserRole(table: tables.GivenRole): messages.UserRole {
  return {
    userId: userId.read(table.userIdArray()),
    name: name.read(table.name(utf8Bytes)),
    role: roleField.read(table.role()),
  };
}

function writeUserRole(builder: Builder, user: messages.UserRole): Offset {
  return tables.GivenRole.createGivenRole(
    builder,
    userId.write(builder, user.userId),
    name.write(builder, user.name),
    roleField.write(user.role),
  );
}
