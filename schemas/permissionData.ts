import type { AclEntry, Uuid } from './messages.js';
import type { PermissionSet } from './permissions.js';
import type { Role } from './roles.js';

/** What a room says of who may do what in it. */
export interface RoomRules {
  /** Their order matters to explanations only. */
  readonly entries: readonly AclEntry[];
  /** False where the room and all below start from nothing. */
  readonly inherits: boolean;
  readonly requiredRole: Role | null;
  /** Number of the password that is set: another one for each that was ever set. */
  readonly passwordId: number | null;
}

/** The rules of a new room. */
export const defaultRoomRules: RoomRules = {
  entries: [],
  inherits: true,
  requiredRole: null,
  passwordId: null,
};

/** Users with something in common. */
export interface Group {
  readonly groupId: Uuid;
  /** The room that it is a group of; null for a group of the server. */
  readonly roomId: Uuid | null;
  /** Of a group of a room: nothing. */
  readonly grants: PermissionSet;
  readonly memberIds: ReadonlySet<Uuid>;
}

/** Who asks: a session of a user. */
export interface Subject {
  readonly userId: Uuid;
  /** Numbers of the passwords that the session gave. */
  readonly passwordIds: ReadonlySet<number>;
}

/** Everything that can change what somebody may do, apart from sessions. */
export type PermissionChange =
  | { readonly type: 'addRoom'; readonly roomId: Uuid; readonly parentId: Uuid }
  | { readonly type: 'moveRoom'; readonly roomId: Uuid; readonly parentId: Uuid }
  /** A room with none below it; its groups go too. */
  | { readonly type: 'removeRoom'; readonly roomId: Uuid }
  | { readonly type: 'setRules'; readonly roomId: Uuid; readonly rules: RoomRules }
  /** A new group, or a group as it is from now on. It stays with its room. */
  | { readonly type: 'setGroup'; readonly group: Group }
  | { readonly type: 'removeGroup'; readonly groupId: Uuid }
  | { readonly type: 'setRole'; readonly userId: Uuid; readonly role: Role }
  | { readonly type: 'setGrants'; readonly role: Role; readonly grants: PermissionSet };

/** What a decision is made from. */
export interface PermissionData {
  /** A room and the rooms above it, the root last; none where there is no such room. */
  path(roomId: Uuid): Uuid[];
  rules(roomId: Uuid): RoomRules;
  role(userId: Uuid): Role;
  roleGrants(role: Role): PermissionSet;
  /** Groups of the server that somebody is in, in the order in which they were made. */
  serverGroupsOf(userId: Uuid): Iterable<Group>;
  group(groupId: Uuid): Group | null;
}
