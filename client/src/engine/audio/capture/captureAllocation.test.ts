import { expect, test } from 'vitest';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { stepSamples } from '../audioLimits.js';
import { streamTable } from '../device/audioDevice.js';
import { settledAllocations } from '../testing/allocatedBytes.js';
import { InputFeed } from './inputFeed.js';
import { CapturePathStage } from './testing/capturePathStage.js';
import { speechWithPauses } from './testing/recordedSpeech.js';

test('from a device to packets nothing is allocated for a step', async () => {
  const { signal } = await speechWithPauses(['Front_Center', 'Rear_Left'], 0.7);
  const stage = new CapturePathStage({ startsAbove: 0, stopsBelow: 0 }, 10);
  const ring = createSampleRing(16_384);
  const device = new SpscSampleRing(ring);
  const feed = new InputFeed({
    ...{ sampleRate: 44_100, channels: 2, bufferFrames: 441, ring },
    table: streamTable.allocate(1).memory,
  });
  const moved = new Float32Array(2 * 441);
  const played = new Float32Array(stepSamples);
  const step = new Float32Array(stepSamples);
  let at = 0;
  const { bytesPerStep, where } = settledAllocations(
    () => {
      at = at + moved.length > signal.length ? 0 : at;
      for (let i = 0; i < moved.length; i++) moved[i] = signal[at++ >>> 1]!;
      device.push(moved);
      stage.farEnd.push(played);
      stage.path.skip(feed.dropBacklog());
      while (feed.next(step)) stage.path.step(step);
      while (stage.reader.next(0));
    },
    { steps: 100, batches: 30 },
  );
  expect(bytesPerStep, JSON.stringify(where.slice(0, 8))).toBeLessThan(1);
});
