import assert from 'node:assert/strict';
import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import {
  defaultRoomRules,
  type Group,
  type PermissionChange,
  type PermissionData,
  type RoomRules,
} from '@rookery/schemas/permissionData';
import type { PermissionSet } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';
import { defaultGrants } from './roles.js';

interface RoomPlace {
  parentId: Uuid | null;
  readonly childIds: Set<Uuid>;
  rules: RoomRules;
}

/**
 * All that decisions are made from: the tree of rooms with their rules, groups, roles. Pure: no
 * I/O, clock or randomness. It begins with the root alone. What it is told was checked by the
 * caller; what makes no sense is a bug and asserted.
 */
export class PermissionBook implements PermissionData {
  readonly #rooms = new Map<Uuid, RoomPlace>();
  readonly #groups = new Map<Uuid, Group>();
  readonly #roles = new Map<Uuid, Role>();
  readonly #roleGrants = { ...defaultGrants };
  readonly #everyoneIs: Role;

  /** @param everyoneIs role of those who were given none */
  constructor(everyoneIs: Role = 'guest') {
    this.#everyoneIs = everyoneIs;
    this.#add(rootRoomId, null);
  }

  has(roomId: Uuid): boolean {
    return this.#rooms.has(roomId);
  }

  roomIds(): Iterable<Uuid> {
    return this.#rooms.keys();
  }

  childIds(roomId: Uuid): Iterable<Uuid> {
    return this.#place(roomId).childIds;
  }

  path(roomId: Uuid): Uuid[] {
    const path: Uuid[] = [];
    let next: Uuid | null = this.#rooms.has(roomId) ? roomId : null;
    while (next !== null) {
      path.push(next);
      next = this.#place(next).parentId;
    }
    return path;
  }

  rules(roomId: Uuid): RoomRules {
    return this.#place(roomId).rules;
  }

  role(userId: Uuid): Role {
    return this.#roles.get(userId) ?? this.#everyoneIs;
  }

  roleGrants(role: Role): PermissionSet {
    return this.#roleGrants[role];
  }

  serverGroupsOf(userId: Uuid): Group[] {
    return [...this.#groups.values()].filter(
      ({ roomId, memberIds }) => roomId === null && memberIds.has(userId),
    );
  }

  group(groupId: Uuid): Group | null {
    return this.#groups.get(groupId) ?? null;
  }

  apply(change: PermissionChange): void {
    switch (change.type) {
      case 'addRoom':
        this.#add(change.roomId, change.parentId);
        return;
      case 'moveRoom':
        this.#move(change.roomId, change.parentId);
        return;
      case 'removeRoom':
        this.#remove(change.roomId);
        return;
      case 'setRules':
        this.#place(change.roomId).rules = change.rules;
        return;
      case 'setGroup':
        this.#setGroup(change.group);
        return;
      case 'removeGroup':
        this.#groups.delete(change.groupId);
        return;
      case 'setRole':
        // What everyone is needs no entry, there may be any number of them.
        if (change.role === this.#everyoneIs) this.#roles.delete(change.userId);
        else this.#roles.set(change.userId, change.role);
        return;
      case 'setGrants':
        this.#roleGrants[change.role] = change.grants;
    }
  }

  #add(roomId: Uuid, parentId: Uuid | null): void {
    assert(!this.#rooms.has(roomId), 'a new room has a fresh id');
    if (parentId !== null) this.#place(parentId).childIds.add(roomId);
    this.#rooms.set(roomId, { parentId, childIds: new Set(), rules: defaultRoomRules });
  }

  #move(roomId: Uuid, parentId: Uuid): void {
    const room = this.#place(roomId);
    assert(room.parentId !== null, 'the root stays where it is');
    assert(!this.path(parentId).includes(roomId), 'a room is not below itself');
    this.#place(room.parentId).childIds.delete(roomId);
    this.#place(parentId).childIds.add(roomId);
    room.parentId = parentId;
  }

  #remove(roomId: Uuid): void {
    const { parentId, childIds } = this.#place(roomId);
    assert(parentId !== null, 'the root is never removed');
    assert(childIds.size === 0, 'a room that is removed has none below it');
    this.#place(parentId).childIds.delete(roomId);
    this.#rooms.delete(roomId);
    for (const group of this.#groups.values()) {
      if (group.roomId === roomId) this.#groups.delete(group.groupId);
    }
  }

  #setGroup(group: Group): void {
    const before = this.#groups.get(group.groupId);
    assert(before === undefined || before.roomId === group.roomId, 'a group stays with its room');
    assert(group.roomId === null || this.#rooms.has(group.roomId), 'the room of a group exists');
    assert(group.roomId === null || group.grants === 0, 'a group of a room grants nothing itself');
    this.#groups.set(group.groupId, group);
  }

  #place(roomId: Uuid): RoomPlace {
    const room = this.#rooms.get(roomId);
    assert(room !== undefined, 'the room exists');
    return room;
  }
}
