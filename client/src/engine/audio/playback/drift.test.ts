import { expect, test } from 'vitest';
import { driftBounds, listenToDrift, type Drift } from './testing/driftListener.js';

/** An hour of it is a bench. */
const seconds = 120;

const drifts: readonly Drift[] = [
  { senderPpm: 200, devicePpm: 0, sampleRate: 48_000, bufferFrames: 480, seed: 1 },
  { senderPpm: -200, devicePpm: 0, sampleRate: 48_000, bufferFrames: 480, seed: 2 },
  { senderPpm: 0, devicePpm: 200, sampleRate: 44_100, bufferFrames: 441, seed: 3 },
  { senderPpm: 100, devicePpm: -100, sampleRate: 48_000, bufferFrames: 1_024, seed: 4 },
];

test.each(drifts)('nothing is heard of two clocks that drift apart: %o', (drift) => {
  const heard = listenToDrift(drift, seconds);
  const { senderPpm, devicePpm } = drift;
  expect(heard).toMatchObject({ underruns: 0, lateSteps: 0, concealed: 0, late: 0 });
  expect(heard.frames).toBeGreaterThan(50 * seconds - 20);
  // The drift was taken up, and by stretching alone.
  const driftSamples = seconds * 0.048 * Math.abs(senderPpm - devicePpm);
  expect(heard.samplesStretched).toBeGreaterThan(driftSamples - 480);
  expect(heard.steepest).toBeLessThan(driftBounds.steepestMax);
  expect(heard.loudest).toBeLessThan(driftBounds.loudestMax);
  expect(heard.quietest).toBeGreaterThan(driftBounds.quietestMin);
  expect(heard.delayMsMax).toBeLessThan(60);
});
