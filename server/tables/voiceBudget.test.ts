import { expect, test } from 'vitest';
import { voiceBudget } from './voiceBudget.js';

const limits = { packetsPerFrame: 1.2, packetsBurst: 100, bitrateHeadroom: 2 };

test('a budget follows the bitrate, with head-room for packets and sound', () => {
  // 120 bytes a frame, twice, and 44 around them.
  expect(voiceBudget(48_000, limits)).toEqual({
    packetsPerSecond: 60,
    packetsBurst: 100,
    bytesPerSecond: 60 * 284,
    bytesBurst: 100 * 284,
  });
  expect(voiceBudget(6_000, limits).bytesPerSecond).toBe(60 * 74);
  expect(voiceBudget(440_000, limits).bytesPerSecond).toBe(60 * 2_244);
});
