import { describe, expect, test } from 'vitest';
import { roomsHeardBy, roomsHeardTogether, type LinkedRooms } from './roomLinks.js';

/** A chain, a ring, a room by itself, and a link to a room that is not there. */
const links: Readonly<Record<string, readonly string[]>> = {
  a: ['b'],
  b: ['a', 'c'],
  c: ['b'],
  ring1: ['ring2', 'ring3'],
  ring2: ['ring1', 'ring3'],
  ring3: ['ring1', 'ring2'],
  alone: [],
  torn: ['gone'],
};
const rooms: LinkedRooms = new Map(
  Object.entries(links).map(([roomId, linkedRoomIds]) => [roomId, { linkedRoomIds }]),
);

describe('rooms that are heard together', () => {
  test.each([
    ['a', ['a', 'b', 'c']],
    ['b', ['a', 'b', 'c']],
    ['ring2', ['ring1', 'ring2', 'ring3']],
    ['alone', ['alone']],
    ['torn', ['torn']],
    ['gone', []],
  ])('with %s', (roomId, together) => {
    expect(roomsHeardTogether(rooms, roomId).sort()).toEqual(together);
  });

  test('are heard from the own room, and from those that are listened to', () => {
    const heardBy = (roomId: string | null, ...listeningTo: string[]): string[] =>
      [...roomsHeardBy(rooms, { roomId, listeningTo })].sort();
    expect(heardBy('alone', 'c', 'a')).toEqual(['a', 'alone', 'b', 'c']);
    expect(heardBy(null, 'alone')).toEqual(['alone']);
    expect(heardBy(null)).toEqual([]);
  });
});
