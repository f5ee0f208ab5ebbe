import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { rootRoomId } from '@rookery/schemas/protocol';
import { PermissionBook } from '../permission/permissionBook.js';
import type { PermissionChange } from '@rookery/schemas/permissionData';
import { PermissionDesk, type DroppedAnswers } from '../permission/permissionDesk.js';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import { ModelPermissions, type ModelRoom, type ModelSession } from './modelPermissions.js';
import { entryOf, RandomPermissions } from './randomPermissions.js';

/** How much there is at most. */
export interface PermissionStageSize {
  readonly rooms: number;
  readonly groups: number;
  readonly users: number;
  /** Of these users, one each in turn. */
  readonly sessions: number;
}

const passwords = [1, 2, 3];

/** The desk and its oracle, and what happens at random to them. */
export class PermissionStage {
  readonly desk = new PermissionDesk();
  /** What the desk decides from, for answers of which none is kept. */
  readonly book = new PermissionBook();
  readonly model = new ModelPermissions(rootRoomId);
  readonly sessions: ModelSession[] = [];
  readonly #random: SeededRandom;
  readonly #rules: RandomPermissions;
  readonly #groupIds: readonly string[];
  readonly #size: PermissionStageSize;
  #made = 0;

  constructor(random: SeededRandom, size: PermissionStageSize) {
    this.#random = random;
    this.#rules = new RandomPermissions(random);
    this.#size = size;
    this.#groupIds = Array.from({ length: size.groups }, (_, index) => `group ${index}`);
    for (let token = 0; token < size.sessions; token++) {
      const user = `user ${token % size.users}`;
      this.desk.open(token, user);
      this.sessions.push({ user, passwords: [] });
    }
  }

  /** One change of anything; some of them change nothing. */
  change(): DroppedAnswers[] {
    const changes = [
      () => this.#addRoom(),
      () => this.#addRoom(),
      () => this.#moveRoom(),
      () => this.#removeRoom(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#setGroup(),
      () => this.#setGroup(),
      () => this.#removeGroup(),
      () => this.#setRole(),
      () => this.#setRole(),
      () => this.#setGrants(),
      () => this.#givePassword(),
    ];
    return this.#rules.one(changes)();
  }

  /** A permission for a question. */
  permission(): Permission {
    return this.#rules.permission();
  }

  /** A room for a question; seldom one that there is not. */
  roomId(): string {
    return this.#random.chance(0.02) ? 'no room' : this.#room().id;
  }

  #apply(change: PermissionChange): DroppedAnswers[] {
    this.book.apply(change);
    return this.desk.apply(change);
  }

  #addRoom(): DroppedAnswers[] {
    if (this.model.rooms.length >= this.#size.rooms) return this.#setRules();
    const [roomId, parentId] = [`room ${this.#made++}`, this.#room().id];
    this.model.addRoom(roomId, parentId);
    return this.#apply({ type: 'addRoom', roomId, parentId });
  }

  #moveRoom(): DroppedAnswers[] {
    const [room, parent] = [this.#room(), this.#room()];
    if (room.parent === '' || [parent, ...this.model.above(parent)].includes(room)) return [];
    room.parent = parent.id;
    return this.#apply({ type: 'moveRoom', roomId: room.id, parentId: parent.id });
  }

  #removeRoom(): DroppedAnswers[] {
    const { id, parent } = this.#room();
    if (parent === '' || this.model.rooms.some((room) => room.parent === id)) return [];
    this.model.removeRoom(id);
    return this.#apply({ type: 'removeRoom', roomId: id });
  }

  /** One part of a room's rules, or several. */
  #setRules(): DroppedAnswers[] {
    const room = this.#room();
    const random = this.#random;
    if (random.chance(0.6)) room.entries.splice(random.below(4), 1);
    if (random.chance(0.8) && room.entries.length < 4) {
      room.entries.splice(random.below(4), 0, this.#rules.entry(this.#groupIds, this.#users()));
    }
    if (random.chance(0.2)) room.inherit = random.chance(0.6);
    if (random.chance(0.2)) room.requiredRole = random.chance(0.5) ? '' : this.#rules.one(roles);
    if (random.chance(0.2)) room.password = random.chance(0.5) ? 0 : this.#rules.one(passwords);
    return this.#apply({
      type: 'setRules',
      roomId: room.id,
      rules: {
        entries: room.entries.map(entryOf),
        inherits: room.inherit,
        requiredRole: room.requiredRole === '' ? null : (room.requiredRole as Role),
        passwordId: room.password === 0 ? null : room.password,
      },
    });
  }

  #setGroup(): DroppedAnswers[] {
    const id = this.#rules.one(this.#groupIds);
    let group = this.model.group(id);
    if (group === undefined) {
      const room = this.#random.chance(0.5) ? '' : this.#room().id;
      group = { id, room, grants: [], members: [] };
      this.model.groups.push(group);
    }
    const users = this.#users();
    if (this.#random.chance(0.7)) {
      group.members = [...new Set(users.filter(() => this.#random.chance(0.4)))];
    }
    if (group.room === '' && this.#random.chance(0.5)) group.grants = this.#rules.someOf();
    return this.#apply({
      type: 'setGroup',
      group: {
        groupId: id,
        roomId: group.room === '' ? null : group.room,
        grants: permissionSet(group.grants as Permission[]),
        memberIds: new Set(group.members),
      },
    });
  }

  #removeGroup(): DroppedAnswers[] {
    const groupId = this.#rules.one(this.#groupIds);
    const { groups } = this.model;
    groups.splice(0, groups.length, ...groups.filter(({ id }) => id !== groupId));
    return this.#apply({ type: 'removeGroup', groupId });
  }

  #setRole(): DroppedAnswers[] {
    const { user } = this.#rules.one(this.sessions);
    const role = this.#rules.one(roles);
    this.model.roles.set(user, role);
    return this.#apply({ type: 'setRole', userId: user, role });
  }

  #setGrants(): DroppedAnswers[] {
    const role = this.#rules.one(roles);
    const grants = this.#rules.roleGrants();
    this.model.roleGrants.set(role, grants);
    const set = permissionSet(grants as Permission[]);
    return this.#apply({ type: 'setGrants', role, grants: set });
  }

  #givePassword(): DroppedAnswers[] {
    const token = this.#random.below(this.sessions.length);
    const password = this.#rules.one(passwords);
    this.sessions[token]!.passwords.push(password);
    return this.desk.givePassword(token, password);
  }

  #users(): string[] {
    return this.sessions.map(({ user }) => user);
  }

  #room(): ModelRoom {
    return this.#rules.one(this.model.rooms);
  }
}
