import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { treeRows, type TreeInput } from './treeRows.js';

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
  people: new Map([
    ['root', 2],
    ['deep', 1],
  ]),
  sessions: new Map(sessions.map((each) => [each.sessionToken, each])),
  closed: new Set(),
  filter: '',
};

const lines = (input: Partial<TreeInput>): string[] =>
  treeRows({ ...given, ...input }).map((row) => {
    const name = row.kind === 'room' ? row.room.name : `(${row.session.displayName})`;
    return `${'  '.repeat(row.depth)}${name}`;
  });

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
