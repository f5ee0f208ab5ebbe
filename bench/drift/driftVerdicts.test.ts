import type { DriftHeard } from '@rookery/client/engine/audio/playback/testing/driftListener';
import { expect, test } from 'vitest';
import { driftVerdicts } from './driftVerdicts.js';

const drift = { senderPpm: 200, devicePpm: 0, sampleRate: 48_000, bufferFrames: 480, seed: 1 };
const heard: DriftHeard = {
  underruns: 0,
  lateSteps: 0,
  concealed: 0,
  late: 0,
  samplesStretched: 34_560,
  delayMsMax: 35,
  steepest: 1.1,
  loudest: 1.1,
  quietest: 0.9,
  frames: 180_000,
};

const judge = (changes: Partial<DriftHeard>) =>
  driftVerdicts([{ drift, heard: { ...heard, ...changes } }], 3_600)[0]!;

test('an hour without a jump is what is asked for', () => {
  expect(judge({})).toEqual({
    load: 'sender +200 ppm, device 0 ppm at 48 kHz',
    target: '1 h: 0 underruns, 0 audible jumps',
    figure:
      '0 underruns, no jump, 0 frames concealed or late, 200 ppm stretched, delay at most 35 ms',
    isMet: true,
  });
});

test.each([
  { underruns: 1 },
  { lateSteps: 1 },
  { concealed: 1 },
  { late: 1 },
  { steepest: 1.4 },
  { loudest: 1.3 },
  { quietest: 0.7 },
])('this is not: %o', (change) => {
  expect(judge(change).isMet).toBe(false);
});
