import { beforeEach, expect, it } from 'vitest';
import { FrameAudience } from './frameAudience.js';

let audience: FrameAudience;
beforeEach(() => (audience = new FrameAudience()));

it('is the room, until something is whispered', () => {
  expect(audience.of(1_000)).toBeNull();
  audience.whisperTo(3);
  expect(audience.of(1_020)).toBe(3);
});

it('keeps from the room what was whispered, however late it comes', () => {
  audience.whisperTo(3);
  audience.endWhisper(2_000);
  expect([1_960, 1_980, 2_000].map((ms) => audience.of(ms))).toEqual([3, 3, 3]);
  expect(audience.of(2_020)).toBeNull();
});

it('keeps to who is whispered to next before the end of the last whisper', () => {
  audience.whisperTo(3);
  audience.endWhisper(2_000);
  audience.whisperTo(4);
  expect(audience.of(3_000)).toBe(4);
});
