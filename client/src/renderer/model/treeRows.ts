import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';

/** A line of the room tree: a room, or somebody in the room above. */
export type TreeRow =
  | {
      readonly kind: 'room';
      readonly key: string;
      readonly depth: number;
      readonly room: RoomInfo;
      readonly people: number;
      /** Whether there is something below it, and whether that is shown. */
      readonly hasContent: boolean;
      readonly isOpen: boolean;
    }
  | {
      readonly kind: 'person';
      readonly key: string;
      readonly depth: number;
      readonly session: SessionInfo;
    };

export interface TreeInput {
  readonly rooms: ReadonlyMap<Uuid, RoomInfo>;
  readonly people: ReadonlyMap<Uuid, number>;
  readonly sessions: ReadonlyMap<number, SessionInfo>;
  /** Rooms whose content is hidden. */
  readonly closed: ReadonlySet<Uuid>;
  /** Shows what has this in its name, with the rooms around it; '' shows everything. */
  readonly filter: string;
}

/** Deeper rooms are not shown: a server must not exhaust the stack. */
const depthMax = 64;

/** The lines from top to bottom: rooms by position and name, in each its people and then rooms. */
export function treeRows({ rooms, people, sessions, closed, filter }: TreeInput): TreeRow[] {
  const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  const childrenOf = grouped(rooms.values(), ({ parentId }) => parentId);
  const peopleOf = grouped(sessions.values(), ({ roomId }) => roomId);
  const wanted = filter.trim().toLocaleLowerCase();
  const fits = (name: string): boolean => name.toLocaleLowerCase().includes(wanted);

  const linesOf = (room: RoomInfo, depth: number): TreeRow[] => {
    const inside = (peopleOf.get(room.roomId) ?? [])
      .filter(({ displayName }) => wanted === '' || fits(displayName) || fits(room.name))
      .sort((a, b) => byName.compare(a.displayName, b.displayName));
    const children = depth < depthMax ? (childrenOf.get(room.roomId) ?? []) : [];
    const isOpen = wanted !== '' || !closed.has(room.roomId);
    const below = isOpen
      ? children
          .sort((a, b) => a.position - b.position || byName.compare(a.name, b.name))
          .flatMap((child) => linesOf(child, depth + 1))
      : [];
    if (wanted !== '' && inside.length === 0 && below.length === 0 && !fits(room.name)) return [];
    const persons = isOpen ? inside.map((session) => personRow(session, depth + 1)) : [];
    const hasContent = inside.length > 0 || children.length > 0;
    const count = people.get(room.roomId) ?? 0;
    const line = { depth, room, people: count, hasContent, isOpen };
    return [{ kind: 'room', key: room.roomId, ...line }, ...persons, ...below];
  };
  return (childrenOf.get(null) ?? []).flatMap((root) => linesOf(root, 0));
}

function personRow(session: SessionInfo, depth: number): TreeRow {
  return { kind: 'person', key: `session ${session.sessionToken}`, depth, session };
}

function grouped<Key, Value>(
  values: Iterable<Value>,
  keyOf: (value: Value) => Key,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
