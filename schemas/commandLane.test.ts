import { expect, test } from 'vitest';
import { laneOf } from './commandLane.js';
import { FrameType } from './frameType.js';

test.each([
  [FrameType.SendMessage, 'commands'],
  [FrameType.Resync, 'commands'],
  [0x5f, 'commands'],
  [0x60, 'acks'],
  [0x6f, 'acks'],
  [0x70, 'bulk'],
  [0x7f, 'bulk'],
])('a command of type %i travels with %s', (type, lane) => {
  expect(laneOf(type)).toBe(lane);
});
