import { expect, test } from 'vitest';
import { voiceBudget } from './voiceBudget.js';

const limits = { packetsPerFrame: 1.2, packetsBurst: 100, bitrateHeadroom: 2 };

test('a budget follows the bitrate, with head-room for packets and sound', () => {
  // 120 bytes a frame, twice, and 44 around them.
  expect(voiceBudget({ bitrate: 48_000, frameMs: 20 }, limits)).toEqual({
    packetsPerSecond: 60,
    packetsBurst: 100,
    bytesPerSecond: 60 * 284,
    bytesBurst: 100 * 284,
  });
  expect(voiceBudget({ bitrate: 6_000, frameMs: 20 }, limits).bytesPerSecond).toBe(60 * 74);
  expect(voiceBudget({ bitrate: 440_000, frameMs: 20 }, limits).bytesPerSecond).toBe(60 * 2_244);
});

test('shorter frames are more packets of fewer bytes, longer ones fewer of more', () => {
  // 60 and 360 bytes of sound a frame, twice, and 44 around them.
  expect(voiceBudget({ bitrate: 48_000, frameMs: 10 }, limits)).toEqual({
    packetsPerSecond: 120,
    packetsBurst: 200,
    bytesPerSecond: 120 * 164,
    bytesBurst: 200 * 164,
  });
  expect(voiceBudget({ bitrate: 48_000, frameMs: 60 }, limits)).toEqual({
    packetsPerSecond: 20,
    packetsBurst: 34,
    bytesPerSecond: 20 * 764,
    bytesBurst: 34 * 764,
  });
});
