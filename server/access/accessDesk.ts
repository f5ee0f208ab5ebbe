import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Change, Uuid } from '@rookery/schemas/messages';
import {
  includes,
  serverPermissions,
  type Permission,
  type PermissionSet,
} from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import type { Decision } from '@rookery/schemas/permissionDecision';
import type { PermissionChange } from '@rookery/schemas/permissionData';
import { PermissionDesk } from '../permission/permissionDesk.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type Applied, type Refusal } from '../state/outcome.js';
import { noSuchRoom } from '../state/roomTree.js';
import type { StoredGroup } from '../store/groups.js';
import type { StoredRules } from '../store/roomRules.js';
import type { Store } from '../store/store.js';
import type { AccessEffects } from './accessEffects.js';
import { AccessRecords } from './accessRecords.js';

export interface AccessDeskOptions {
  /** With the rooms of before, and nobody in them. */
  readonly state: CommunityState;
  readonly store: Pick<Store, 'roles' | 'groups' | 'roomRules'>;
  /** Role of those who were given none. */
  readonly everyoneIs: Role;
  /** Role of all bots; without it that of everybody. */
  readonly botsAre?: Role;
}

/** All bots ask as one user, whom nobody is: none of them comes again. */
const botsId: Uuid = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

type Effects = Pick<AccessEffects, 'note' | 'noteOwn' | 'settle' | 'welcome'>;

/**
 * Who may do what, for the running server: the decisions of the PermissionDesk, with what they are
 * made from kept on disk. It follows rooms and sessions as they are published. Each change holds
 * when it is durable, and at once for all whom it concerns. Main thread.
 */
export class AccessDesk {
  readonly everyoneIs: Role;
  readonly #options: AccessDeskOptions;
  readonly #desk: PermissionDesk;
  readonly #records: AccessRecords;
  readonly #roleFollowers: ((userId: Uuid, role: Role) => void)[] = [];
  readonly #sessions = new Set<number>();
  /** By room, the room above it. */
  readonly #parents = new Map<Uuid, Uuid | null>();
  #effects: Effects | null = null;

  constructor(options: AccessDeskOptions) {
    const { state, store, everyoneIs, botsAre = everyoneIs } = options;
    this.#options = options;
    this.everyoneIs = everyoneIs;
    this.#desk = new PermissionDesk(everyoneIs);
    this.#records = new AccessRecords(everyoneIs);
    for (const { roomId, parentId } of state.snapshot().rooms) this.#putRoom(roomId, parentId);
    this.#load(store);
    this.#apply({ type: 'setRole', userId: botsId, role: botsAre });
  }

  /** Whoever carries out what follows from a change, from now on. */
  follow(effects: Effects): void {
    this.#effects = effects;
  }

  /** @returns false also where there is no such room */
  can(sessionToken: number, permission: Permission, roomId: Uuid): boolean {
    return this.#desk.can(sessionToken, permission, roomId);
  }

  /** All that a session may do in a room; what is of the server, in the answer for the root. */
  allowedIn(sessionToken: number, roomId: Uuid): PermissionSet {
    return this.#desk.allowedIn(sessionToken, roomId);
  }

  /** @returns what to tell a session that may not do something in a room; null where it may */
  refusalOf(sessionToken: number, permission: Permission, roomId: Uuid): Refusal | null {
    const room = this.#options.state.room(roomId);
    if (room === null) return noSuchRoom();
    if (this.can(sessionToken, permission, roomId)) return null;
    const isOfServer = includes(serverPermissions, permission);
    const where = isOfServer ? 'on this server' : `in the room "${room.name}"`;
    return refusal(
      ErrorCode.NotPermitted,
      `You lack the permission ${permission} ${where}. "rookery acl explain" tells why.`,
    );
  }

  roleOf(userId: Uuid): Role {
    return this.#records.roleOf(userId);
  }

  /** @returns null where the user was given none */
  givenRoleOf(userId: Uuid): Role | null {
    return this.#records.givenRoleOf(userId);
  }

  /** How many users are owners. */
  get ownerCount(): number {
    return this.#records.ownerCount;
  }

  /**
   * Whether somebody may act on somebody else by virtue of a permission. Nobody acts on those of
   * their own role or above, but owners on all.
   */
  mayActOn(actorId: Uuid, targetId: Uuid): boolean {
    const role = this.roleOf(actorId);
    return role === 'owner' || !isAtLeast(this.roleOf(targetId), role);
  }

  grantsOf(role: Role): PermissionSet {
    return this.#records.grantsOf(role);
  }

  /** What a room says of who may do what; without anything, where nothing was ever said. */
  rulesOf(roomId: Uuid): StoredRules {
    return this.#records.rulesOf(roomId);
  }

  /** The rules of all rooms that have any. */
  allRules(): Iterable<StoredRules> {
    return this.#records.allRules();
  }

  group(groupId: Uuid): StoredGroup | null {
    return this.#records.group(groupId);
  }

  /** The groups of a room, or of the server (null). */
  groupsOf(roomId: Uuid | null): StoredGroup[] {
    return this.#records.groupsOf(roomId);
  }

  /** Of all groups, added up. */
  get groupMemberCount(): number {
    return this.#records.groupMemberCount;
  }

  get groupCount(): number {
    return this.#records.groupCount;
  }

  /** Whether somebody may be kept from seeing who is in some room. */
  get hidesRooms(): boolean {
    return this.#records.hidesRooms;
  }

  /** The answer for a user, in the session that the user has or as if there were one. */
  explain(userId: Uuid, permission: Permission, roomId: Uuid): Decision {
    const [token] = this.#options.state.sessionsOf(userId);
    const isThere = token !== undefined && this.#sessions.has(token);
    const subject = isThere
      ? this.#desk.subject(token)
      : { userId, passwordIds: new Set<number>() };
    return this.#desk.explain(subject, permission, roomId);
  }

  /**
   * Gives somebody a role.
   *
   * @throws ServerError of the store, by the promise, as all changes do; nothing was changed then
   */
  async setRole(userId: Uuid, role: Role): Promise<void> {
    await this.#options.store.roles.put(userId, role);
    this.#records.setRole(userId, role);
    this.#apply({ type: 'setRole', userId, role });
    for (const token of this.#options.state.sessionsOf(userId)) this.#effects?.noteOwn(token);
    this.#effects?.settle();
    for (const follow of this.#roleFollowers) follow(userId, role);
  }

  async setGrants(role: Role, grants: PermissionSet): Promise<void> {
    await this.#options.store.roles.putGrants({ role, grants });
    this.#records.setGrants(role, grants);
    this.#apply({ type: 'setGrants', role, grants });
    this.#effects?.settle();
  }

  /** A new group, or a group as it is from now on; its room is there and stays the same. */
  async putGroup(group: StoredGroup): Promise<void> {
    await this.#options.store.groups.put(group);
    this.#putGroup(group);
    this.#effects?.settle();
  }

  async removeGroup(groupId: Uuid): Promise<void> {
    await this.#options.store.groups.remove(groupId);
    this.#records.removeGroup(groupId);
    this.#apply({ type: 'removeGroup', groupId });
    this.#effects?.settle();
  }

  /** Of a room that is there. */
  async setRules(rules: StoredRules): Promise<void> {
    await this.#options.store.roomRules.put(rules);
    this.#putRules(rules);
    this.#effects?.settle();
  }

  /** Somebody asks from now on who has no session in the rooms. @param token of no session */
  openOutside(token: number, userId: Uuid): void {
    this.#sessions.add(token);
    this.#desk.open(token, userId);
  }

  /** Whoever came by openOutside() asks no more. */
  closeOutside(token: number): void {
    this.#sessions.delete(token);
    this.#desk.close(token);
  }

  /** Whether a session is there, or somebody outside. */
  isThere(token: number): boolean {
    return this.#sessions.has(token);
  }

  /** A session gave the password that a room has now. */
  givePassword(sessionToken: number, roomId: Uuid): void {
    const passwordId = this.#records.passwordIdOf(roomId);
    if (passwordId === null) return;
    const dropped = this.#desk.givePassword(sessionToken, passwordId);
    this.#effects?.note(dropped);
    this.#effects?.settle();
  }

  /** A session begins, or is on another connection: it is told what it may do. */
  welcome(sessionToken: number): void {
    this.#effects?.welcome(sessionToken);
  }

  /** Is told of every role that somebody is given from now on. */
  followRoles(follow: (userId: Uuid, role: Role) => void): void {
    this.#roleFollowers.push(follow);
  }

  /** To be told of all that an operation changed, before anybody else is. */
  note({ changes, moves }: Applied): void {
    for (const change of changes) this.#noteChange(change);
    for (const { sessionToken } of moves) this.#effects?.noteOwn(sessionToken);
  }

  #noteChange(change: Change): void {
    switch (change.kind) {
      case 'roomPut':
        this.#putRoom(change.room.roomId, change.room.parentId);
        return;
      case 'roomRemoved':
        this.#parents.delete(change.roomId);
        this.#records.removeRoom(change.roomId);
        this.#apply({ type: 'removeRoom', roomId: change.roomId });
        return;
      case 'sessionPut': {
        const { sessionToken, userId, isBot } = change.session;
        if (this.#sessions.has(sessionToken)) return;
        this.#sessions.add(sessionToken);
        this.#desk.open(sessionToken, isBot ? botsId : userId);
        return;
      }
      case 'sessionRemoved':
        this.#sessions.delete(change.sessionToken);
        this.#desk.close(change.sessionToken);
    }
  }

  #load({ roles, groups, roomRules }: AccessDeskOptions['store']): void {
    for (const { userId, role } of roles.list()) {
      this.#records.setRole(userId, role);
      this.#apply({ type: 'setRole', userId, role });
    }
    for (const { role, grants } of roles.listGrants()) {
      this.#records.setGrants(role, grants);
      this.#apply({ type: 'setGrants', role, grants });
    }
    const isThere = (id: Uuid | null): boolean =>
      id === null || this.#options.state.room(id) !== null;
    // What is left of a room that is gone has no effect.
    for (const group of groups.list()) if (isThere(group.roomId)) this.#putGroup(group);
    for (const rules of roomRules.list()) if (isThere(rules.roomId)) this.#putRules(rules);
  }

  #putRoom(roomId: Uuid, parentId: Uuid | null): void {
    // The root is there from the beginning, and stays where it is.
    if (roomId === rootRoomId || parentId === null) return;
    const before = this.#parents.get(roomId);
    if (before === parentId) return;
    this.#parents.set(roomId, parentId);
    const type = before === undefined ? 'addRoom' : 'moveRoom';
    this.#apply({ type, roomId, parentId });
  }

  #putGroup(group: StoredGroup): void {
    this.#records.putGroup(group);
    const { groupId, roomId, grants, memberIds } = group;
    const known = { groupId, roomId, grants, memberIds: new Set(memberIds) };
    this.#apply({ type: 'setGroup', group: known });
  }

  #putRules(rules: StoredRules): void {
    this.#records.putRules(rules);
    const { roomId, entries, inherits, requiredRole } = rules;
    const passwordId = this.#records.passwordIdOf(roomId);
    const applied = { entries, inherits, requiredRole, passwordId };
    this.#apply({ type: 'setRules', roomId, rules: applied });
  }

  #apply(change: PermissionChange): void {
    // Also where nobody follows yet, as when all is read from the disk.
    const dropped = this.#desk.apply(change);
    this.#effects?.note(dropped);
  }
}
