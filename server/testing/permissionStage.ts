import type { AclEntry, Principal } from '@rookery/schemas/messages';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { rootRoomId } from '@rookery/schemas/protocol';
import { PermissionBook } from '../permission/permissionBook.js';
import type { PermissionChange } from '../permission/permissionData.js';
import { PermissionDesk, type DroppedAnswer } from '../permission/permissionDesk.js';
import { permissions, permissionSet, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import {
  ModelPermissions,
  type ModelEntry,
  type ModelRoom,
  type ModelSession,
} from './modelPermissions.js';

/** How much there is at most. */
export interface PermissionStageSize {
  readonly rooms: number;
  readonly groups: number;
  readonly users: number;
  /** Of these users, one each in turn. */
  readonly sessions: number;
}

/** Those on which most hangs come often, so that rules meet. */
const oftenMeant: readonly Permission[] = ['traverse', 'enter', 'speak', 'editAcl', 'kick'];

const passwords = [1, 2, 3];

/** The desk and its oracle, and what happens at random to them. */
export class PermissionStage {
  readonly desk = new PermissionDesk();
  /** What the desk decides from, for answers of which none is kept. */
  readonly book = new PermissionBook();
  readonly model = new ModelPermissions(rootRoomId);
  readonly sessions: ModelSession[] = [];
  readonly #random: SeededRandom;
  readonly #size: PermissionStageSize;
  #made = 0;

  constructor(random: SeededRandom, size: PermissionStageSize) {
    this.#random = random;
    this.#size = size;
    for (let token = 0; token < size.sessions; token++) {
      const user = `user ${token % size.users}`;
      this.desk.open(token, user);
      this.sessions.push({ user, passwords: [] });
    }
  }

  /** One change of anything; some of them change nothing. */
  change(): DroppedAnswer[] {
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
    return this.#one(changes)();
  }

  /** A permission for a question. */
  permission(): Permission {
    return this.#one(this.#random.chance(0.5) ? oftenMeant : permissions);
  }

  /** A room for a question; seldom one that there is not. */
  roomId(): string {
    return this.#random.chance(0.02) ? 'no room' : this.#room().id;
  }

  #apply(change: PermissionChange): DroppedAnswer[] {
    this.book.apply(change);
    return this.desk.apply(change);
  }

  #addRoom(): DroppedAnswer[] {
    if (this.model.rooms.length >= this.#size.rooms) return this.#setRules();
    const [roomId, parentId] = [`room ${this.#made++}`, this.#room().id];
    this.model.addRoom(roomId, parentId);
    return this.#apply({ type: 'addRoom', roomId, parentId });
  }

  #moveRoom(): DroppedAnswer[] {
    const [room, parent] = [this.#room(), this.#room()];
    if (room.parent === '' || [parent, ...this.model.above(parent)].includes(room)) return [];
    room.parent = parent.id;
    return this.#apply({ type: 'moveRoom', roomId: room.id, parentId: parent.id });
  }

  #removeRoom(): DroppedAnswer[] {
    const { id, parent } = this.#room();
    if (parent === '' || this.model.rooms.some((room) => room.parent === id)) return [];
    this.model.removeRoom(id);
    return this.#apply({ type: 'removeRoom', roomId: id });
  }

  /** One part of a room's rules, or several. */
  #setRules(): DroppedAnswer[] {
    const room = this.#room();
    const random = this.#random;
    if (random.chance(0.6)) room.entries.splice(random.below(4), 1);
    if (random.chance(0.8) && room.entries.length < 4) {
      room.entries.splice(random.below(4), 0, this.#entry());
    }
    if (random.chance(0.2)) room.inherit = random.chance(0.6);
    if (random.chance(0.2)) room.requiredRole = random.chance(0.5) ? '' : this.#one(roles);
    if (random.chance(0.2)) room.password = random.chance(0.5) ? 0 : this.#one(passwords);
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

  #setGroup(): DroppedAnswer[] {
    const id = `group ${this.#random.below(this.#size.groups)}`;
    let group = this.model.group(id);
    if (group === undefined) {
      const room = this.#random.chance(0.5) ? '' : this.#room().id;
      group = { id, room, grants: [], members: [] };
      this.model.groups.push(group);
    }
    const users = this.sessions.map(({ user }) => user);
    if (this.#random.chance(0.7)) {
      group.members = [...new Set(users.filter(() => this.#random.chance(0.4)))];
    }
    if (group.room === '' && this.#random.chance(0.5)) group.grants = this.#someOf();
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

  #removeGroup(): DroppedAnswer[] {
    const groupId = `group ${this.#random.below(this.#size.groups)}`;
    const { groups } = this.model;
    groups.splice(0, groups.length, ...groups.filter(({ id }) => id !== groupId));
    return this.#apply({ type: 'removeGroup', groupId });
  }

  #setRole(): DroppedAnswer[] {
    const { user } = this.#one(this.sessions);
    const role = this.#one(roles);
    this.model.roles.set(user, role);
    return this.#apply({ type: 'setRole', userId: user, role });
  }

  #setGrants(): DroppedAnswer[] {
    const role = this.#one(roles);
    // Without traverse there is nothing left to decide.
    const grants = [...this.#someOf(), ...(this.#random.chance(0.8) ? ['traverse'] : [])];
    this.model.roleGrants.set(role, grants);
    const set = permissionSet(grants as Permission[]);
    return this.#apply({ type: 'setGrants', role, grants: set });
  }

  #givePassword(): DroppedAnswer[] {
    const token = this.#random.below(this.sessions.length);
    const password = this.#one(passwords);
    this.sessions[token]!.passwords.push(password);
    return this.desk.givePassword(token, password);
  }

  #entry(): ModelEntry {
    const whom = this.#one(['everyone', 'role', 'group', 'user'] as const);
    const names = {
      everyone: () => '',
      role: () => this.#one(roles),
      group: () => `group ${this.#random.below(this.#size.groups)}`,
      user: () => this.#one(this.sessions).user,
    };
    return {
      whom,
      name: names[whom](),
      here: this.#random.chance(0.7),
      below: this.#random.chance(0.7),
      grants: this.#random.chance(0.6) ? this.#someOf() : [],
      denies: this.#random.chance(0.5) ? this.#someOf() : [],
    };
  }

  /** From none to a few, or most of all. */
  #someOf(): string[] {
    if (this.#random.chance(0.2)) return permissions.filter(() => this.#random.chance(0.7));
    return Array.from({ length: this.#random.below(4) }, () => this.permission());
  }

  #room(): ModelRoom {
    return this.#one(this.model.rooms);
  }

  #one<T>(from: readonly T[]): T {
    return from[this.#random.below(from.length)]!;
  }
}

/** A model's entry as the server has it. */
function entryOf({ whom, name, here, below, grants, denies }: ModelEntry): AclEntry {
  const principals: Record<ModelEntry['whom'], Principal> = {
    everyone: { type: 'everyone' },
    role: { type: 'role', role: name as Role },
    group: { type: 'group', groupId: name },
    user: { type: 'user', userId: name },
  };
  return {
    principal: principals[whom],
    appliesHere: here,
    appliesBelow: below,
    grants: permissionSet(grants as Permission[]),
    denies: permissionSet(denies as Permission[]),
  };
}
