import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, Explanation, Uuid } from '@rookery/schemas/messages';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { roles, type Role } from '@rookery/schemas/roles';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import {
  ModelPermissions,
  type ModelGroup,
  type ModelRoom,
  type ModelSession,
} from './modelPermissions.js';
import { done, idOf } from './moderating.js';
import { entryOf, RandomPermissions } from './randomPermissions.js';
import type { TestClient } from './testClient.js';

const roomsMax = 7;
const groupsMax = 4;
const entriesMax = 3;
/** Each costs hashes that are meant to be slow, as long as a hundred other changes: so two. */
const passwordsMax = 2;

/** A question, the oracle's answer, and what the server said and did. */
export interface WireAnswer {
  readonly question: string;
  readonly expected: boolean;
  readonly explained: Explanation;
  /** Whether a command that needs just this permission was carried out; null: there is none. */
  readonly carriedOut: boolean | null;
}

interface Person extends ModelSession {
  readonly client: TestClient;
}

/** The permissions of a running server and their oracle, and what happens at random to them. */
export class PermissionsOnWire {
  readonly model = new ModelPermissions(rootRoomId);
  readonly #random: SeededRandom;
  readonly #rules: RandomPermissions;
  readonly #owner: TestClient;
  readonly #people: readonly Person[];
  readonly #users: readonly Uuid[];
  /** Of the rules of rooms, by room. */
  readonly #versions = new Map<Uuid, number>();
  #roomsMade = 0;
  #passwordsMade = 0;

  /** @param owner makes all changes; the questions are about the others, who are guests */
  constructor(random: SeededRandom, owner: TestClient, others: readonly TestClient[]) {
    this.#random = random;
    this.#rules = new RandomPermissions(random);
    this.#owner = owner;
    this.#people = others.map((client) => ({ client, user: idOf(client), passwords: [] }));
    this.#users = others.map(idOf);
  }

  /** One change of anything, by commands; some of them change nothing. */
  async change(): Promise<void> {
    const changes = [
      () => this.#addRoom(),
      () => this.#addRoom(),
      () => this.#moveRoom(),
      () => this.#removeRoom(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#setRules(),
      () => this.#putGroup(),
      () => this.#putGroup(),
      () => this.#removeGroup(),
      () => this.#setRole(),
      () => this.#setGrants(),
      () => this.#givePassword(),
    ];
    await this.#rules.one(changes)();
  }

  /** Whether somebody may do something somewhere, by asking and by trying. */
  async ask(): Promise<WireAnswer> {
    const person = this.#rules.one(this.#people);
    const permission = this.#rules.permission();
    const roomId = this.#room().id;
    const asked = { type: FrameType.ExplainPermission, permission, roomId } as const;
    const trial = trialOf(permission, roomId);
    const [explained, carriedOut] = await Promise.all([
      this.#owner.ask<Explanation>({ ...asked, userId: person.user }),
      trial === null ? null : isCarriedOut(person.client, trial),
    ]);
    if (explained.type === FrameType.Error) throw new Error(explained.message);
    const expected = this.model.can(person, permission, roomId);
    return {
      question: `${person.user}, ${permission}, ${roomId}`,
      expected,
      explained,
      carriedOut,
    };
  }

  async #addRoom(): Promise<void> {
    if (this.model.rooms.length >= roomsMax) return this.#setRules();
    const parentId = this.#room().id;
    const name = `Room ${this.#roomsMade++}`;
    const create = { type: FrameType.CreateRoom, isTemporary: false, parentId, name } as const;
    this.model.addRoom(await done(this.#owner, create), parentId);
  }

  async #moveRoom(): Promise<void> {
    const [room, parent] = [this.#room(), this.#room()];
    if (room.parent === '' || [parent, ...this.model.above(parent)].includes(room)) return;
    const parentId = parent.id;
    await done(this.#owner, { type: FrameType.MoveRoom, roomId: room.id, parentId });
    room.parent = parentId;
  }

  async #removeRoom(): Promise<void> {
    const { id, parent } = this.#room();
    if (parent === '' || this.model.rooms.some((room) => room.parent === id)) return;
    await done(this.#owner, { type: FrameType.DeleteRoom, roomId: id });
    this.model.removeRoom(id);
  }

  /** One part of a room's rules, or several. */
  async #setRules(): Promise<void> {
    const room = this.#room();
    const random = this.#random;
    if (random.chance(0.6)) room.entries.splice(random.below(entriesMax), 1);
    if (random.chance(0.8) && room.entries.length < entriesMax) {
      const groups = this.#groupsKnownIn(room).map(({ id }) => id);
      const entry = this.#rules.entry(groups, this.#users);
      room.entries.splice(random.below(entriesMax), 0, entry);
    }
    if (random.chance(0.2)) room.inherit = random.chance(0.8);
    if (random.chance(0.2)) room.requiredRole = random.chance(0.85) ? '' : this.#rules.one(roles);
    const version = this.#versions.get(room.id) ?? 0;
    await done(this.#owner, {
      ...{ type: FrameType.SetRoomRules, roomId: room.id, version },
      ...{ entries: room.entries.map(entryOf), inherits: room.inherit },
      requiredRole: room.requiredRole === '' ? null : (room.requiredRole as Role),
      password: this.#changePassword(room),
    });
    this.#versions.set(room.id, version + 1);
  }

  /** @returns null where it stays */
  #changePassword(room: ModelRoom): string | null {
    if (room.password !== 0 && this.#random.chance(0.3)) {
      room.password = 0;
      return '';
    }
    if (this.#passwordsMade >= passwordsMax || !this.#random.chance(0.2)) return null;
    room.password = ++this.#passwordsMade;
    return passwordText(room.password);
  }

  async #putGroup(): Promise<void> {
    const { groups } = this.model;
    const group = this.#random.chance(groups.length / groupsMax) ? this.#rules.one(groups) : null;
    const room = group?.room ?? (this.#random.chance(0.5) ? '' : this.#room().id);
    const grants = room === '' ? this.#rules.someOf() : [];
    const members = this.#users.filter(() => this.#random.chance(0.4));
    const id = await done(this.#owner, {
      ...{ type: FrameType.PutGroup, groupId: group?.id ?? null, name: 'Group' },
      roomId: room === '' ? null : room,
      grants: permissionSet(grants as Permission[]),
      memberIds: members,
    });
    if (group === null) groups.push({ id, room, grants, members });
    else Object.assign(group, { grants, members });
  }

  async #removeGroup(): Promise<void> {
    const { groups } = this.model;
    if (groups.length === 0) return;
    const group = this.#rules.one(groups);
    await done(this.#owner, { type: FrameType.RemoveGroup, groupId: group.id });
    groups.splice(groups.indexOf(group), 1);
  }

  async #setRole(): Promise<void> {
    const userId = this.#rules.one(this.#users);
    const role = this.#rules.one(roles);
    await done(this.#owner, { type: FrameType.SetRole, userId, role });
    this.model.roles.set(userId, role);
  }

  async #setGrants(): Promise<void> {
    const role = this.#rules.one(roles.filter((each) => each !== 'owner'));
    const grants = this.#rules.roleGrants();
    const set = permissionSet(grants as Permission[]);
    await done(this.#owner, { type: FrameType.SetGrants, role, grants: set });
    this.model.roleGrants.set(role, grants);
  }

  /** Of a room that one may get to. */
  async #givePassword(): Promise<void> {
    const locked = this.model.rooms.filter(({ password }) => password !== 0);
    if (locked.length === 0) return;
    const person = this.#rules.one(this.#people);
    const { id: roomId, password } = this.#rules.one(locked);
    if (person.passwords.includes(password)) return;
    if (!this.model.can(person, 'traverse', roomId)) return;
    const text = passwordText(password);
    await done(person.client, { type: FrameType.EnterPassword, roomId, password: text });
    person.passwords.push(password);
  }

  #groupsKnownIn(room: ModelRoom): ModelGroup[] {
    const known = ['', ...[room, ...this.model.above(room)].map(({ id }) => id)];
    return this.model.groups.filter((group) => known.includes(group.room));
  }

  #room(): ModelRoom {
    return this.#rules.one(this.model.rooms);
  }
}

/** A command for which it takes this permission in the room and nothing else, if there is any. */
function trialOf(permission: Permission, roomId: Uuid): CommandMessage | null {
  switch (permission) {
    case 'traverse':
      return { type: FrameType.Subscribe, roomIds: [roomId] };
    case 'enter':
      return { type: FrameType.JoinRoom, roomId };
    case 'listen':
      return { type: FrameType.Listen, roomIds: [roomId] };
    default:
      return null;
  }
}

async function isCarriedOut(client: TestClient, command: CommandMessage): Promise<boolean> {
  const answer = await client.command(command);
  if (answer.type !== FrameType.Error) return true;
  if (answer.code === ErrorCode.NotPermitted) return false;
  throw new Error(answer.message);
}

function passwordText(number: number): string {
  return `password ${number}`;
}
