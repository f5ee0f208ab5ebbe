import { expect, test } from 'vitest';
import { CaptureRig } from './captureRig.js';
import { captureThreadCost } from './captureThreadCost.js';
import { encodeVoices, MixRig } from './mixRig.js';
import { playbackThreadCost } from './playbackThreadCost.js';
import { SpeechLoop } from './speechLoop.js';

const [near, far] = [new SpeechLoop(1, 0.5), new SpeechLoop(2, 0.5)];

test('what capture is measured by makes a packet of two steps', () => {
  const rig = new CaptureRig(near, far);
  for (let step = 0; step < 50; step++) rig.step();
  rig.free();
  // What the resampler holds back is less than a frame.
  expect(rig.packets).toBe(24);
});

test.each(['calm', 'rough'] as const)('all who are mixed are heard, network %s', (network) => {
  const rig = new MixRig(encodeVoices(2, 0.5), 3, network);
  for (let step = 0; step < 60; step++) rig.step();
  const { talking } = rig;
  rig.free();
  expect(talking).toBe(3);
});

test.runIf(process.platform === 'linux')('the thread that captures takes CPU', async () => {
  const { us } = await captureThreadCost(near, far, { warmUpSteps: 0, seconds: 0.2 });
  expect(us).toBeGreaterThan(0);
});

test.runIf(process.platform === 'linux')('the thread that plays takes CPU', async () => {
  const voices = encodeVoices(2, 0.5);
  const { us } = await playbackThreadCost(voices, 2, { warmUpSteps: 30, seconds: 0.2 });
  expect(us).toBeGreaterThan(0);
});
