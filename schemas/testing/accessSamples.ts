import { FrameType } from '../frameType.js';
import type { AccessAnswer, AccessCommand, AclEntry, OwnAccess } from '../messages.js';
import { allPermissions } from '../permissions.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const someId = '01234567-89ab-7def-8123-456789abcdef';
const adaId = 'ffffffff-0000-ffff-0000-ffffffffffff';
const here = { appliesHere: true, appliesBelow: false };

const entries: AclEntry[] = [
  { principal: { type: 'everyone' }, ...here, grants: allPermissions, denies: 0 },
  { principal: { type: 'role', role: 'owner' }, ...here, grants: 1, denies: 2 },
  { principal: { type: 'group', groupId: someId }, ...here, grants: 0, denies: allPermissions },
  {
    principal: { type: 'user', userId: adaId },
    appliesHere: false,
    appliesBelow: true,
    grants: 4,
    denies: 0,
  },
];
const ada = { id: adaId, name: 'Ada \u{1f426}' };
const group = { groupId: someId, roomId: null, name: 'Staff', grants: 7, members: [ada] };

/** Valid messages of access, as sampleMessages. */
export const accessSamples: Pick<
  MessageSamples,
  (AccessCommand | AccessAnswer | OwnAccess)['type']
> = {
  [FrameType.SetRole]: [{ type: FrameType.SetRole, userId: adaId, role: 'guest' }],
  [FrameType.SetGrants]: [{ type: FrameType.SetGrants, role: 'member', grants: allPermissions }],
  [FrameType.PutGroup]: [
    {
      type: FrameType.PutGroup,
      ...{ groupId: null, roomId: null, name: 'Staff', grants: 1, memberIds: [adaId, someId] },
    },
    {
      type: FrameType.PutGroup,
      ...{ groupId: someId, roomId: rootRoomId, name: '', grants: 0, memberIds: [] },
    },
  ],
  [FrameType.RemoveGroup]: [{ type: FrameType.RemoveGroup, groupId: someId }],
  [FrameType.SetRoomRules]: [
    {
      type: FrameType.SetRoomRules,
      roomId: someId,
      version: 0xffffffff,
      entries,
      ...{ inherits: false, requiredRole: 'moderator', password: 'sésame' },
    },
    {
      type: FrameType.SetRoomRules,
      roomId: rootRoomId,
      version: 0,
      entries: [],
      ...{ inherits: true, requiredRole: null, password: null },
    },
  ],
  [FrameType.EnterPassword]: [
    { type: FrameType.EnterPassword, roomId: someId, password: 'sésame' },
  ],
  [FrameType.ReadRoomRules]: [{ type: FrameType.ReadRoomRules, roomId: someId }],
  [FrameType.RoomRulesInfo]: [
    {
      type: FrameType.RoomRulesInfo,
      roomId: someId,
      version: 3,
      entries,
      ...{ inherits: true, requiredRole: 'guest', hasPassword: true, names: [ada] },
    },
    {
      type: FrameType.RoomRulesInfo,
      roomId: rootRoomId,
      version: 0,
      entries: [],
      ...{ inherits: false, requiredRole: null, hasPassword: false, names: [] },
    },
  ],
  [FrameType.ReadGroups]: [
    { type: FrameType.ReadGroups, roomId: someId },
    { type: FrameType.ReadGroups, roomId: null },
  ],
  [FrameType.GroupList]: [
    { type: FrameType.GroupList, groups: [group, { ...group, roomId: rootRoomId, members: [] }] },
    { type: FrameType.GroupList, groups: [] },
  ],
  [FrameType.ReadRoles]: [
    { type: FrameType.ReadRoles, afterId: someId },
    { type: FrameType.ReadRoles, afterId: null },
  ],
  [FrameType.RoleList]: [
    {
      type: FrameType.RoleList,
      everyoneIs: 'guest',
      grants: [1, 3, 7, 15, allPermissions],
      users: [{ userId: adaId, name: 'Ada', role: 'owner' }],
      hasMore: true,
    },
    { type: FrameType.RoleList, everyoneIs: 'admin', grants: [], users: [], hasMore: false },
  ],
  [FrameType.ExplainPermission]: [
    {
      type: FrameType.ExplainPermission,
      ...{ userId: adaId, permission: 'administer', roomId: rootRoomId },
    },
  ],
  [FrameType.Explanation]: [
    { type: FrameType.Explanation, allowed: true, text: 'Yes: owners may do everything.' },
  ],
  [FrameType.OwnAccess]: [
    { type: FrameType.OwnAccess, role: 'guest', roomPermissions: 7, serverPermissions: 0 },
  ],
};
