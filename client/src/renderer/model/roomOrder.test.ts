import type { RoomInfo } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { isWithin, positionsAfterStep } from './roomOrder.js';

const siblings = ['a', 'b', 'c'].map((roomId) => ({ roomId, position: 0 }));

test('puts a room one place earlier or later', () => {
  expect(positionsAfterStep(siblings, 'c', -1)).toEqual(
    new Map([
      ['c', 1],
      ['b', 2],
    ]),
  );
  expect(positionsAfterStep(siblings, 'a', 1)).toEqual(
    new Map([
      ['a', 1],
      ['c', 2],
    ]),
  );
});

test('changes no more than it has to', () => {
  const numbered = siblings.map((room, position) => ({ ...room, position }));
  expect(positionsAfterStep(numbered, 'a', 1)).toEqual(
    new Map([
      ['b', 0],
      ['a', 1],
    ]),
  );
});

test('leaves the first and the last where they stand', () => {
  expect(positionsAfterStep(siblings, 'a', -1).size).toBe(0);
  expect(positionsAfterStep(siblings, 'c', 1).size).toBe(0);
  expect(positionsAfterStep(siblings, 'unknown', 1).size).toBe(0);
});

test('tells what lies within a room, also where rooms contain each other', () => {
  const room = (roomId: string, parentId: string | null): [string, RoomInfo] => [
    roomId,
    { roomId, parentId } as RoomInfo,
  ];
  const rooms = new Map([room('root', null), room('a', 'root'), room('b', 'a'), room('x', 'x')]);
  expect(isWithin(rooms, 'b', 'a')).toBe(true);
  expect(isWithin(rooms, 'a', 'a')).toBe(true);
  expect(isWithin(rooms, 'a', 'b')).toBe(false);
  expect(isWithin(rooms, 'x', 'a')).toBe(false);
});
