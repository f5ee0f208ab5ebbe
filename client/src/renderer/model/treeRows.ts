import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';

/** A line of the room tree: a room, or somebody in the room above. */
export type TreeRow = RoomTreeRow | PersonTreeRow;

export interface RoomTreeRow {
  readonly kind: 'room';
  readonly key: string;
  readonly depth: number;
  readonly room: RoomInfo;
  /** Whether there is something below it, and whether that is shown. */
  readonly hasContent: boolean;
  readonly isOpen: boolean;
}

export interface PersonTreeRow {
  readonly kind: 'person';
  readonly key: string;
  readonly depth: number;
  readonly session: SessionInfo;
}

export interface TreeInput {
  readonly rooms: ReadonlyMap<Uuid, RoomInfo>;
  readonly sessions: ReadonlyMap<number, SessionInfo>;
  /** Rooms whose content is hidden. */
  readonly closed: ReadonlySet<Uuid>;
  /** Shows what has this in its name, with the rooms around it; '' shows everything. */
  readonly filter: string;
}

/** Deeper rooms are not shown: a server must not exhaust the stack. */
const depthMax = 64;

const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/**
 * The lines of the room tree from top to bottom: rooms by position and name, in each its people by
 * name and then its rooms. It remembers what it was shown: what did not change is not sorted again
 * and is the same row as before, so that thousands of people cost what changes of them.
 */
export class TreeRows {
  private readonly people = new SortedPeople();
  private rooms: ReadonlyMap<Uuid, RoomInfo> = new Map();
  private childrenOf: ReadonlyMap<Uuid | null, readonly RoomInfo[]> = new Map();
  private readonly roomRows = new Map<Uuid, RoomTreeRow>();
  private readonly personRows = new WeakMap<SessionInfo, PersonTreeRow>();

  read({ rooms, sessions, closed, filter }: TreeInput): TreeRow[] {
    this.people.follow(sessions);
    if (!isSame(rooms, this.rooms)) {
      this.rooms = new Map(rooms);
      this.childrenOf = sortedChildren(rooms.values());
      for (const roomId of this.roomRows.keys())
        if (!rooms.has(roomId)) this.roomRows.delete(roomId);
    }
    const rows: TreeRow[] = [];
    const wanted = filter.trim().toLocaleLowerCase();
    const add = (room: RoomInfo, depth: number): void => {
      if (wanted === '') this.addRoom(rows, room, depth, closed, add);
      else this.addFitting(rows, room, depth, wanted, add);
    };
    for (const root of this.childrenOf.get(null) ?? []) add(root, 0);
    return rows;
  }

  private addRoom(
    rows: TreeRow[],
    room: RoomInfo,
    depth: number,
    closed: ReadonlySet<Uuid>,
    add: (room: RoomInfo, depth: number) => void,
  ): void {
    const inside = this.people.in(room.roomId);
    const children = this.childrenBelow(room, depth);
    const isOpen = !closed.has(room.roomId);
    const hasContent = inside.length > 0 || children.length > 0;
    rows.push(this.roomRow(room, depth, hasContent, isOpen));
    if (!isOpen) return;
    for (const session of inside) rows.push(this.personRow(session, depth + 1));
    for (const child of children) add(child, depth + 1);
  }

  private addFitting(
    rows: TreeRow[],
    room: RoomInfo,
    depth: number,
    wanted: string,
    add: (room: RoomInfo, depth: number) => void,
  ): void {
    const fits = (name: string): boolean => name.toLocaleLowerCase().includes(wanted);
    const isWhole = fits(room.name);
    const at = rows.length;
    const inside = this.people.in(room.roomId);
    const children = this.childrenBelow(room, depth);
    rows.push(this.roomRow(room, depth, inside.length > 0 || children.length > 0, true));
    for (const session of inside) {
      if (isWhole || fits(session.displayName)) rows.push(this.personRow(session, depth + 1));
    }
    for (const child of children) add(child, depth + 1);
    if (!isWhole && rows.length === at + 1) rows.length = at;
  }

  private childrenBelow({ roomId }: RoomInfo, depth: number): readonly RoomInfo[] {
    return depth < depthMax ? (this.childrenOf.get(roomId) ?? []) : [];
  }

  private roomRow(
    room: RoomInfo,
    depth: number,
    hasContent: boolean,
    isOpen: boolean,
  ): RoomTreeRow {
    const known = this.roomRows.get(room.roomId);
    const isKnown = known?.room === room && known.depth === depth && known.isOpen === isOpen;
    if (isKnown && known.hasContent === hasContent) return known;
    const row = { kind: 'room', key: room.roomId, depth, room, hasContent, isOpen } as const;
    this.roomRows.set(room.roomId, row);
    return row;
  }

  private personRow(session: SessionInfo, depth: number): PersonTreeRow {
    const known = this.personRows.get(session);
    if (known?.depth === depth) return known;
    const row = { kind: 'person', key: keyOfPerson(session), depth, session } as const;
    this.personRows.set(session, row);
    return row;
  }
}

/** Of the row of somebody. */
export function keyOfPerson({ sessionToken }: Pick<SessionInfo, 'sessionToken'>): string {
  return `session ${sessionToken}`;
}

/** Rooms below each room, or below none, in the order in which they are shown. */
export function sortedChildren(rooms: Iterable<RoomInfo>): Map<Uuid | null, RoomInfo[]> {
  const children = new Map<Uuid | null, RoomInfo[]>();
  for (const room of rooms) {
    const siblings = children.get(room.parentId);
    if (siblings === undefined) children.set(room.parentId, [room]);
    else siblings.push(room);
  }
  for (const siblings of children.values()) {
    siblings.sort((a, b) => a.position - b.position || byName.compare(a.name, b.name));
  }
  return children;
}

/** Who is in which room, by name; follows changes one by one. */
class SortedPeople {
  private readonly known = new Map<number, SessionInfo>();
  private readonly byRoom = new Map<Uuid, SessionInfo[]>();

  in(roomId: Uuid): readonly SessionInfo[] {
    return this.byRoom.get(roomId) ?? [];
  }

  follow(sessions: ReadonlyMap<number, SessionInfo>): void {
    for (const [token, session] of sessions) {
      const before = this.known.get(token);
      if (before === session) continue;
      this.known.set(token, session);
      if (before !== undefined) this.remove(before);
      this.insert(session);
    }
    if (this.known.size === sessions.size) return;
    for (const [token, session] of this.known) {
      if (sessions.has(token)) continue;
      this.known.delete(token);
      this.remove(session);
    }
  }

  private remove(session: SessionInfo): void {
    if (session.roomId === null) return;
    const inside = this.byRoom.get(session.roomId) ?? [];
    const at = inside.indexOf(session);
    if (at >= 0) inside.splice(at, 1);
    if (inside.length === 0) this.byRoom.delete(session.roomId);
  }

  private insert(session: SessionInfo): void {
    if (session.roomId === null) return;
    const inside = this.byRoom.get(session.roomId) ?? [];
    let [from, to] = [0, inside.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(inside[middle]!, session)) from = middle + 1;
      else to = middle;
    }
    inside.splice(from, 0, session);
    this.byRoom.set(session.roomId, inside);
  }
}

/** Two of one name stand in an order that stays. */
function isBefore(a: SessionInfo, b: SessionInfo): boolean {
  const order = byName.compare(a.displayName, b.displayName);
  return order < 0 || (order === 0 && a.sessionToken < b.sessionToken);
}

function isSame(a: ReadonlyMap<Uuid, RoomInfo>, b: ReadonlyMap<Uuid, RoomInfo>): boolean {
  if (a.size !== b.size) return false;
  for (const [roomId, room] of a) if (b.get(roomId) !== room) return false;
  return true;
}
