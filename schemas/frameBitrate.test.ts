import { expect, test } from 'vitest';
import { bitrateMaxOf } from './frameBitrate.js';

test('the longer a frame, the lower the bitrate of which a packet holds one', () => {
  expect([10, 20, 40, 60].map(bitrateMaxOf)).toEqual([440_000, 440_000, 221_000, 147_000]);
});
