import type { FrameType } from './frameType.js';
import type { Permission, PermissionSet } from './permissions.js';
import type { Role } from './roles.js';
import type { Uuid } from './uuid.js';

/**
 * Who may do what: part of messages.ts; the fields are told in control/access.fbs, the rules in
 * docs/permissions.md.
 */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

/** Whom an entry is for. */
export type Principal =
  | { readonly type: 'everyone' }
  /** Exactly this role, not those above it. */
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'group'; readonly groupId: Uuid }
  | { readonly type: 'user'; readonly userId: Uuid };

/** One line of a room's ACL. */
export interface AclEntry {
  readonly principal: Principal;
  /** In the room that has the entry. */
  readonly appliesHere: boolean;
  /** In all rooms below that one. */
  readonly appliesBelow: boolean;
  readonly grants: PermissionSet;
  /** Beats `grants`. */
  readonly denies: PermissionSet;
}

/** How a group or a user is called. */
export interface AccessName {
  readonly id: Uuid;
  readonly name: string;
}

export interface SetRole extends Of<T['SetRole']> {
  readonly userId: Uuid;
  readonly role: Role;
}
export interface SetGrants extends Of<T['SetGrants']> {
  readonly role: Role;
  readonly grants: PermissionSet;
}
export interface PutGroup extends Of<T['PutGroup']> {
  /** null for a new group. */
  readonly groupId: Uuid | null;
  /** null for a group of the server. */
  readonly roomId: Uuid | null;
  readonly name: string;
  readonly grants: PermissionSet;
  readonly memberIds: readonly Uuid[];
}
export interface RemoveGroup extends Of<T['RemoveGroup']> {
  readonly groupId: Uuid;
}
export interface SetRoomRules extends Of<T['SetRoomRules']> {
  readonly roomId: Uuid;
  /** Of the rules that these replace. */
  readonly version: number;
  readonly entries: readonly AclEntry[];
  readonly inherits: boolean;
  readonly requiredRole: Role | null;
  /** null: as it is; '': none. */
  readonly password: string | null;
}
export interface EnterPassword extends Of<T['EnterPassword']> {
  readonly roomId: Uuid;
  readonly password: string;
}
export interface ReadRoomRules extends Of<T['ReadRoomRules']> {
  readonly roomId: Uuid;
}
export interface RoomRulesInfo extends Of<T['RoomRulesInfo']> {
  readonly roomId: Uuid;
  readonly version: number;
  readonly entries: readonly AclEntry[];
  readonly inherits: boolean;
  readonly requiredRole: Role | null;
  readonly hasPassword: boolean;
  /** Of groups and users in the entries. */
  readonly names: readonly AccessName[];
}
export interface ReadGroups extends Of<T['ReadGroups']> {
  /** null for the server. */
  readonly roomId: Uuid | null;
}
export interface GroupInfo {
  readonly groupId: Uuid;
  readonly roomId: Uuid | null;
  readonly name: string;
  readonly grants: PermissionSet;
  readonly members: readonly AccessName[];
}
export interface GroupList extends Of<T['GroupList']> {
  readonly groups: readonly GroupInfo[];
}
export interface ReadRoles extends Of<T['ReadRoles']> {
  /** Users behind this one; null for the first page. */
  readonly afterId: Uuid | null;
}
export interface UserRole {
  readonly userId: Uuid;
  readonly name: string;
  readonly role: Role;
}
/** Answers ReadRoles; sent unasked it names those whose role became another one (AccessNews). */
export interface RoleList extends Of<T['RoleList']> {
  /** Role of those who were given none. */
  readonly everyoneIs: Role;
  /** What each role grants, in the order of `roles`. */
  readonly grants: readonly PermissionSet[];
  readonly users: readonly UserRole[];
  readonly hasMore: boolean;
}
export interface ExplainPermission extends Of<T['ExplainPermission']> {
  readonly userId: Uuid;
  readonly permission: Permission;
  readonly roomId: Uuid;
}
export interface Explanation extends Of<T['Explanation']> {
  readonly allowed: boolean;
  /** For a person: the rule that decided. */
  readonly text: string;
}
export interface OwnAccess extends Of<T['OwnAccess']> {
  readonly role: Role;
  readonly roomPermissions: PermissionSet;
  readonly serverPermissions: PermissionSet;
}

/** What a client asks for. */
export type AccessCommand =
  | SetRole
  | SetGrants
  | PutGroup
  | RemoveGroup
  | SetRoomRules
  | EnterPassword
  | ReadRoomRules
  | ReadGroups
  | ReadRoles
  | ExplainPermission;
/** What it is answered with, in place of CommandDone. */
export type AccessAnswer = RoomRulesInfo | GroupList | RoleList | Explanation;
/** What the server tells unasked. */
export type AccessNews = OwnAccess | RoleList;
