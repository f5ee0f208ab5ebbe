import type { Uuid } from '@rookery/schemas/messages';
import { includes, type PermissionSet } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import { defaultGrants } from '../permission/roles.js';
import type { StoredGroup } from '../store/groups.js';
import type { StoredRules } from '../store/roomRules.js';

/**
 * Roles, groups and rules of rooms as they are kept, for those who show and change them. Numbers of
 * passwords are given here: they hold for as long as the server runs, like the sessions that gave
 * one. Pure.
 */
export class AccessRecords {
  readonly #everyoneIs: Role;
  readonly #roles = new Map<Uuid, Role>();
  readonly #grants: Record<Role, PermissionSet> = { ...defaultGrants };
  readonly #groups = new Map<Uuid, StoredGroup>();
  readonly #rules = new Map<Uuid, StoredRules>();
  readonly #passwordIds = new Map<Uuid, number>();
  #ownerCount = 0;
  #passwordsSet = 0;
  /** null: to be found out. */
  #hidesRooms: boolean | null = null;

  /** @param everyoneIs role of those who were given none */
  constructor(everyoneIs: Role) {
    this.#everyoneIs = everyoneIs;
  }

  get ownerCount(): number {
    return this.#ownerCount;
  }

  /** Of all groups, added up. */
  get groupMemberCount(): number {
    let count = 0;
    for (const { memberIds } of this.#groups.values()) count += memberIds.length;
    return count;
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  /** Whether a rule, or what a role grants, may keep somebody from traversing a room. */
  get hidesRooms(): boolean {
    this.#hidesRooms ??=
      roles.some((role) => role !== 'owner' && !includes(this.#grants[role], 'traverse')) ||
      [...this.#rules.values()].some(
        ({ inherits, entries }) =>
          !inherits || entries.some(({ denies }) => includes(denies, 'traverse')),
      );
    return this.#hidesRooms;
  }

  roleOf(userId: Uuid): Role {
    return this.#roles.get(userId) ?? this.#everyoneIs;
  }

  givenRoleOf(userId: Uuid): Role | null {
    return this.#roles.get(userId) ?? null;
  }

  grantsOf(role: Role): PermissionSet {
    return this.#grants[role];
  }

  group(groupId: Uuid): StoredGroup | null {
    return this.#groups.get(groupId) ?? null;
  }

  groupsOf(roomId: Uuid | null): StoredGroup[] {
    return [...this.#groups.values()].filter((group) => group.roomId === roomId);
  }

  allRules(): Iterable<StoredRules> {
    return this.#rules.values();
  }

  rulesOf(roomId: Uuid): StoredRules {
    return this.#rules.get(roomId) ?? { roomId, ...noRules };
  }

  passwordIdOf(roomId: Uuid): number | null {
    return this.#passwordIds.get(roomId) ?? null;
  }

  setRole(userId: Uuid, role: Role): void {
    if (this.#roles.get(userId) === 'owner') this.#ownerCount -= 1;
    if (role === 'owner') this.#ownerCount += 1;
    this.#roles.set(userId, role);
  }

  setGrants(role: Role, grants: PermissionSet): void {
    this.#grants[role] = grants;
    this.#hidesRooms = null;
  }

  putGroup(group: StoredGroup): void {
    this.#groups.set(group.groupId, group);
  }

  removeGroup(groupId: Uuid): void {
    this.#groups.delete(groupId);
  }

  putRules(rules: StoredRules): void {
    const { roomId, passwordHash } = rules;
    const hashBefore = this.rulesOf(roomId).passwordHash;
    this.#rules.set(roomId, rules);
    this.#hidesRooms = null;
    if (passwordHash === null) this.#passwordIds.delete(roomId);
    else if (passwordHash !== hashBefore) this.#passwordIds.set(roomId, ++this.#passwordsSet);
  }

  removeRoom(roomId: Uuid): void {
    this.#rules.delete(roomId);
    this.#passwordIds.delete(roomId);
    this.#hidesRooms = null;
    for (const group of this.groupsOf(roomId)) this.#groups.delete(group.groupId);
  }
}

/** What a new room says. */
const noRules = {
  version: 0,
  entries: [],
  inherits: true,
  requiredRole: null,
  passwordHash: null,
} as const;
