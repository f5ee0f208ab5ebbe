/** An entry of a room, with the permissions by their names. */
export interface ModelEntry {
  whom: 'everyone' | 'role' | 'group' | 'user';
  /** Role, group or user; '' for everyone. */
  name: string;
  here: boolean;
  below: boolean;
  grants: string[];
  denies: string[];
}

/** A room. */
export interface ModelRoom {
  id: string;
  /** '' for the root. */
  parent: string;
  entries: ModelEntry[];
  inherit: boolean;
  /** '' for none. */
  requiredRole: string;
  /** 0 for none. */
  password: number;
}

/** A group; `room` is '' for one of the server. */
export interface ModelGroup {
  id: string;
  room: string;
  grants: string[];
  members: string[];
}

/** A session of a user, with the numbers of the passwords that it gave. */
export interface ModelSession {
  user: string;
  passwords: number[];
}

const rank = ['guest', 'member', 'moderator', 'admin', 'owner'];

const ofTheServer = ['kick', 'ban', 'register', 'manageInvites', 'viewAddresses', 'administer'];

const behindDoors =
  'enter speak whisper listen text upload react prioritySpeaker moderateText record'.split(' ');

const ofAll = (
  'traverse enter speak whisper listen text upload react createRoom createTemporaryRoom editRoom ' +
  'moveRoom deleteRoom link editAcl muteOthers deafenOthers moveUsers prioritySpeaker kick ban ' +
  'register manageInvites viewAddresses administer moderateText record'
).split(' ');
const ofGuests = ['traverse', 'enter', 'speak', 'listen', 'text', 'react', 'record'];
const ofMembers = [...ofGuests, 'whisper', 'upload', 'createTemporaryRoom'];
const ofModerators = [
  ...ofMembers,
  ...['createRoom', 'editRoom', 'link', 'muteOthers', 'deafenOthers', 'moveUsers'],
  ...['prioritySpeaker', 'kick', 'ban', 'register', 'moderateText'],
];

/**
 * The oracle of permissions: written from docs/permissions.md line by line, as slow as it comes,
 * and sharing nothing with the server's own decision.
 */
export class ModelPermissions {
  readonly rooms: ModelRoom[] = [];
  readonly groups: ModelGroup[] = [];
  /** By user. */
  readonly roles = new Map<string, string>();
  readonly roleGrants = new Map<string, string[]>([
    ['guest', ofGuests],
    ['member', ofMembers],
    ['moderator', ofModerators],
    ['admin', ofAll],
    ['owner', ofAll],
  ]);

  constructor(root: string) {
    this.addRoom(root, '');
  }

  addRoom(id: string, parent: string): ModelRoom {
    const room = { id, parent, entries: [], inherit: true, requiredRole: '', password: 0 };
    this.rooms.push(room);
    return room;
  }

  /** With the room go its groups. */
  removeRoom(id: string): void {
    this.rooms.splice(this.rooms.indexOf(this.room(id)!), 1);
    const left = this.groups.filter((group) => group.room !== id);
    this.groups.splice(0, this.groups.length, ...left);
  }

  room(id: string): ModelRoom | undefined {
    return this.rooms.find((room) => room.id === id);
  }

  group(id: string): ModelGroup | undefined {
    return this.groups.find((group) => group.id === id);
  }

  roleOf(user: string): string {
    return this.roles.get(user) ?? 'guest';
  }

  /** Rooms above a room, the nearest first. */
  above(room: ModelRoom): ModelRoom[] {
    const parent = this.room(room.parent);
    return parent === undefined ? [] : [parent, ...this.above(parent)];
  }

  /** The numbers are those of the list in docs/permissions.md. */
  can(session: ModelSession, permission: string, roomId: string): boolean {
    const room = this.room(roomId);
    // 1
    if (room === undefined) return false;
    // 2
    if (this.roleOf(session.user) === 'owner') return true;
    // 3
    if (ofTheServer.includes(permission)) {
      return this.#granted(session.user, permission, [room, ...this.above(room)].at(-1)!);
    }
    const rooms = [room, ...this.above(room)];
    // 4
    if (rooms.some((each) => !this.#granted(session.user, 'traverse', each))) return false;
    if (behindDoors.includes(permission)) {
      // 5
      const mine = rank.indexOf(this.roleOf(session.user));
      if (rooms.some((each) => rank.indexOf(each.requiredRole) > mine)) return false;
      // 6
      const passwords = rooms.map((each) => each.password).filter((password) => password !== 0);
      if (!passwords.every((password) => session.passwords.includes(password))) return false;
    }
    return this.#granted(session.user, permission, room);
  }

  /** 7 to 10 */
  #granted(user: string, permission: string, asked: ModelRoom): boolean {
    // 7, 8
    for (const room of [asked, ...this.above(asked)]) {
      const entries = room.entries.filter((entry) => {
        return this.#isFor(entry, room, user) && (room === asked ? entry.here : entry.below);
      });
      if (entries.some((entry) => entry.denies.includes(permission))) return false;
      if (entries.some((entry) => entry.grants.includes(permission))) return true;
      if (!room.inherit) return false;
    }
    // 9
    if (this.roleGrants.get(this.roleOf(user))!.includes(permission)) return true;
    // 10
    return this.groups.some((group) => {
      return group.room === '' && group.members.includes(user) && group.grants.includes(permission);
    });
  }

  #isFor(entry: ModelEntry, room: ModelRoom, user: string): boolean {
    if (entry.whom === 'everyone') return true;
    if (entry.whom === 'role') return this.roleOf(user) === entry.name;
    if (entry.whom === 'user') return user === entry.name;
    const group = this.group(entry.name);
    if (group === undefined || !group.members.includes(user)) return false;
    const knownIn = [room, ...this.above(room)].map(({ id }) => id);
    return group.room === '' || knownIn.includes(group.room);
  }
}
