import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { WaitingRoom, type Waiting } from './waitingRoom.js';

const limits = { perAddressMax: 3, connectionsMax: 5 };

function guestAt(source: string): Waiting & { isBeingChecked: boolean } {
  return { source, isBeingChecked: false };
}

test('closes the newcomer where too many of its address wait already', () => {
  const room = new WaitingRoom(limits);
  const guests = [1, 2, 3].map(() => guestAt('a'));
  for (const guest of guests) expect(room.enter(guest)).toBeNull();
  const fourth = guestAt('a');
  expect(room.enter(fourth)).toBe(fourth);
  expect(room.enter(guestAt('b'))).toBeNull();
  room.leave(guests[1]!);
  room.leave(guests[1]!);
  expect(room.enter(guestAt('a'))).toBeNull();
  expect(room.enter(fourth)).toBe(fourth);
});

test('closes who waits longest where too many wait, but nobody who is being checked', () => {
  const room = new WaitingRoom(limits);
  const guests = Array.from({ length: 5 }, (_, index) => guestAt(`${index}`));
  for (const guest of guests) room.enter(guest);
  guests[0]!.isBeingChecked = true;
  const dropped = room.enter(guestAt('new'));
  expect(dropped).toBe(guests[1]);
});

test('never holds more than it may, and nothing of those who left', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const room = new WaitingRoom(limits);
    const inside = new Set<Waiting>();
    for (let step = 0; step < 500; step++) {
      const guest = guestAt(`${random.below(4)}`);
      const dropped = room.enter(guest);
      if (dropped !== guest) inside.add(guest);
      if (dropped !== null) {
        room.leave(dropped);
        inside.delete(dropped);
      }
      const [first] = inside;
      if (first !== undefined && random.below(3) === 0) {
        room.leave(first);
        inside.delete(first);
      }
      expect(room.size, `seed ${seed}`).toBe(inside.size);
      expect(room.size, `seed ${seed}`).toBeLessThanOrEqual(limits.connectionsMax);
    }
    for (const guest of inside) room.leave(guest);
    expect(room.size, `seed ${seed}`).toBe(0);
  }
});
