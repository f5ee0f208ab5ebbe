import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RoomKeys } from './roomKeys.js';

const room = '00000000-0000-4000-8000-000000000001';
const otherRoom = '00000000-0000-4000-8000-000000000002';

describe('room keys', () => {
  test('are one for all members of a room and differ between rooms', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    const first = keys.current(room, 0);
    expect(first).toMatchObject({ roomId: room, epoch: 0, useAfterMs: 0 });
    expect(first.key).toHaveLength(32);
    expect(keys.current(room, 5)).toEqual(first);
    expect(keys.current(otherRoom, 5).key).not.toEqual(first.key);
  });

  test('rotate to a fresh key of the next epoch, used once all may have it', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    const first = keys.current(room, 0);
    const second = keys.rotate(room, 1_000);
    expect(second).toMatchObject({ epoch: 1, useAfterMs: 200 });
    expect(second.key).not.toEqual(first.key);
  });

  test('have whole milliseconds until use, whatever the fraction of the clock', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    for (let tick = 0; tick < 10_000; tick++) {
      expect(keys.rotate(room, tick * 1.000_037).useAfterMs).toBe(200);
    }
  });

  test('reach a joiner with what is left of the time until use', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    const rotated = keys.rotate(room, 1_000);
    expect(keys.current(room, 1_150)).toEqual({ ...rotated, useAfterMs: 50 });
    expect(keys.current(room, 1_300)).toEqual({ ...rotated, useAfterMs: 0 });
  });

  test('come round after 256 epochs', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    keys.current(room, 0);
    for (let index = 1; index < 256; index++) keys.rotate(room, 0);
    expect(keys.current(room, 0).epoch).toBe(255);
    expect(keys.rotate(room, 0).epoch).toBe(0);
  });

  test('of a deleted room are forgotten', () => {
    const keys = new RoomKeys({ overlapMs: 200, randomBytes });
    const first = keys.rotate(room, 0);
    keys.delete(room);
    expect(keys.current(room, 0).key).not.toEqual(first.key);
  });
});
