import type { RoomInfo } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { foundRooms } from './foundRooms.js';

const room = (roomId: string, parentId: string | null, name: string): [string, RoomInfo] => [
  roomId,
  { roomId, parentId, name } as RoomInfo,
];
const rooms = new Map([
  room('root', null, 'Lobby'),
  room('g', 'root', 'Games'),
  room('c10', 'g', 'Chess 10'),
  room('c9', 'g', 'Chess 9'),
]);
const all = (): boolean => true;
const shown = (wanted: string, fits: (each: RoomInfo) => boolean = all): string[] =>
  foundRooms(rooms, wanted, fits).map(({ within, name }) => `${within}: ${name}`);

test('finds rooms by their name and by what they lie in', () => {
  expect(shown('chess')).toEqual(['Lobby / Games: Chess 9', 'Lobby / Games: Chess 10']);
  expect(shown('GAMES')).toEqual([
    'Lobby: Games',
    'Lobby / Games: Chess 9',
    'Lobby / Games: Chess 10',
  ]);
  expect(shown('nothing')).toEqual([]);
});

test('leaves out those that do not fit', () => {
  expect(shown('', ({ roomId }) => roomId === 'root')).toEqual([': Lobby']);
});

test('ends where rooms contain each other', () => {
  const loop = new Map([room('a', 'b', 'A'), room('b', 'a', 'B')]);
  expect(foundRooms(loop, '', all)).toHaveLength(2);
});
