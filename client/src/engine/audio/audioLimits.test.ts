import { expect, test } from 'vitest';
import {
  frameSamplesMax,
  recorderLimits,
  senderLimits,
  stepSamples,
  wavLimits,
} from './audioLimits.js';
import { encodedFrameBytesMax } from './encodedFrame.js';
import { recordBytesMax } from './voiceRecords.js';

test('neither ring of the encoder is ever too small for the frames in flight', () => {
  const { framesInFlightMax, pcmRingSamples, packetRingBytes } = senderLimits;
  expect(framesInFlightMax * stepSamples).toBeLessThanOrEqual(pcmRingSamples);
  expect(pcmRingSamples).toBeGreaterThanOrEqual(2 * frameSamplesMax);
  // A record takes its length and up to three bytes of padding besides.
  expect(framesInFlightMax * (encodedFrameBytesMax + 7)).toBeLessThanOrEqual(packetRingBytes);
});

test('a recording waits for whatever a sender may still send', () => {
  const { jitter, ringBytes, ringReserveBytes } = recorderLimits;
  expect((jitter.depthSteps * stepSamples) / 48).toBeGreaterThan(senderLimits.lateMsMax);
  expect(jitter.capacityFrames).toBeGreaterThanOrEqual(2 * jitter.depthSteps);
  expect(ringReserveBytes).toBeGreaterThan(50 * recordBytesMax);
  expect(ringReserveBytes).toBeLessThan(ringBytes / 2);
});

test('the longest speech fits the samples that a file may have', () => {
  expect(wavLimits.speechSecondsMax * wavLimits.sampleRateMin).toBeLessThan(wavLimits.samplesMax);
});
