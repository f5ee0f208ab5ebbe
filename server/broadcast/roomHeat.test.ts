import { beforeEach, describe, expect, test } from 'vitest';
import { streamLimits } from '../streamLimits.js';
import { RoomHeat } from './roomHeat.js';

const room = '00000000-0000-4000-8000-000000000001';
const other = '00000000-0000-4000-8000-000000000002';

let heat: RoomHeat;
let nowMs: number;

beforeEach(() => {
  heat = new RoomHeat(streamLimits);
  nowMs = 0;
});

/** @returns whether the room is hot at the end */
function write(perSecond: number, seconds: number, roomId = room): boolean {
  let isHot = false;
  for (let count = 0; count < perSecond * seconds; count++) {
    nowMs += 1_000 / perSecond;
    isHot = heat.note(roomId, nowMs);
  }
  return isHot;
}

describe('a room', () => {
  test('is hot above 100 messages a second', () => {
    expect(write(90, 5)).toBe(false);
    expect(write(110, 5)).toBe(true);
  });

  test('is not made hot by what is written in another', () => {
    write(200, 2);
    expect(write(10, 1, other)).toBe(false);
  });

  test('stays hot while 20 messages a second are written', () => {
    write(150, 2);
    expect(write(25, 120)).toBe(true);
  });

  test('is hot no more after a minute with fewer', () => {
    write(150, 2);
    expect(write(10, 55)).toBe(true);
    expect(write(10, 8)).toBe(false);
  });

  test('begins to cool anew when more is written', () => {
    write(150, 2);
    write(10, 50);
    write(40, 3);
    expect(write(10, 50)).toBe(true);
    expect(write(10, 15)).toBe(false);
  });

  test('cools while nothing is written', () => {
    write(150, 2);
    nowMs += 59_000;
    expect(heat.note(room, nowMs)).toBe(true);
    nowMs += 5_000;
    expect(heat.note(room, nowMs)).toBe(false);
  });
});
