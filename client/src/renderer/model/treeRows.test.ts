import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { TreeRows, type TreeInput, type TreeRow } from './treeRows.js';

const room = (roomId: string, parentId: string | null, name: string, position = 0): RoomInfo =>
  ({ roomId, parentId, name, position, linkedRoomIds: [] }) as unknown as RoomInfo;
const person = (sessionToken: number, displayName: string, roomId: string | null): SessionInfo =>
  ({ sessionToken, displayName, roomId, userId: `u${sessionToken}` }) as unknown as SessionInfo;

const rooms = [
  room('root', null, 'Lobby'),
  room('b', 'root', 'Room 10'),
  room('a', 'root', 'Room 9'),
  room('first', 'root', 'Zoo', -1),
  room('deep', 'a', 'Chess'),
];
const sessions = [person(1, 'Zed', 'root'), person(2, 'ada', 'root'), person(3, 'Eve', 'deep')];
const given: TreeInput = {
  rooms: new Map(rooms.map((each) => [each.roomId, each])),
  sessions: new Map(sessions.map((each) => [each.sessionToken, each])),
  closed: new Set(),
  filter: '',
};

const linesOf = (rows: readonly TreeRow[]): string[] =>
  rows.map((row) => {
    const name = row.kind === 'room' ? row.room.name : `(${row.session.displayName})`;
    return `${'  '.repeat(row.depth)}${name}`;
  });
const lines = (input: Partial<TreeInput>): string[] =>
  linesOf(new TreeRows().read({ ...given, ...input }));

test('orders people by name, and rooms by position and then as people count', () => {
  expect(lines({})).toEqual([
    'Lobby',
    '  (ada)',
    '  (Zed)',
    '  Zoo',
    '  Room 9',
    '    Chess',
    '      (Eve)',
    '  Room 10',
  ]);
});

test('hides what is in a closed room', () => {
  expect(lines({ closed: new Set(['a']) })).not.toContain('    Chess');
  expect(lines({ closed: new Set(['root']) })).toEqual(['Lobby']);
});

test('finds rooms and people, in closed rooms too, with the rooms around them', () => {
  expect(lines({ filter: 'EV', closed: new Set(['a']) })).toEqual([
    'Lobby',
    '  Room 9',
    '    Chess',
    '      (Eve)',
  ]);
  expect(lines({ filter: 'chess' })).toEqual(['Lobby', '  Room 9', '    Chess', '      (Eve)']);
  expect(lines({ filter: 'nobody' })).toEqual([]);
});

test('ends where a server says that rooms contain each other', () => {
  const loop = [room('root', null, 'Lobby'), room('x', 'y', 'X'), room('y', 'x', 'Y')];
  expect(lines({ rooms: new Map(loop.map((each) => [each.roomId, each])) })[0]).toBe('Lobby');
});

test('shows the same after many changes as if it saw them for the first time', () => {
  const seed = 20_261_121;
  let state = seed;
  const below = (n: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % n;
  };
  const places = [...rooms.map(({ roomId }) => roomId), null];
  const now = new Map<number, SessionInfo>();
  const tree = new TreeRows();
  for (let i = 0; i < 500; i++) {
    const token = below(40);
    if (below(5) === 0) now.delete(token);
    else now.set(token, person(token, `Member ${below(9)}`, places[below(places.length)]!));
    const input = { ...given, sessions: now };
    const shown = linesOf(tree.read(input));
    expect(shown, `seed ${seed}, change ${i}`).toEqual(linesOf(new TreeRows().read(input)));
  }
});

test('keeps the rows of what did not change', () => {
  const tree = new TreeRows();
  const before = tree.read(given);
  const moved = new Map(given.sessions).set(3, person(3, 'Eve', 'b'));
  const after = tree.read({ ...given, sessions: moved });
  const changed = after.filter((row) => !before.includes(row));
  expect(linesOf(changed)).toEqual(['    Chess', '  Room 10', '    (Eve)']);
});

test('follows rooms that are renamed, moved and deleted', () => {
  const tree = new TreeRows();
  tree.read(given);
  const other = [room('root', null, 'Hall'), room('deep', 'root', 'Chess')];
  const next = { ...given, rooms: new Map(other.map((each) => [each.roomId, each])) };
  expect(linesOf(tree.read(next))).toEqual(['Hall', '  (ada)', '  (Zed)', '  Chess', '    (Eve)']);
});
