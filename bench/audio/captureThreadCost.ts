import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import { startCaptureThread } from '@rookery/client/engine/audio/capture/captureThread';
import { CapturedFrameReader } from '@rookery/client/engine/audio/capture/capturedFrame';
import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { createSampleRing, SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import type { WorkCost } from './audioMessages.js';
import { deviceChannels, deviceFrames, everythingOn, ringSamples } from './captureRig.js';
import type { SpeechLoop } from './speechLoop.js';
import { standInDevice, threadCost, type ThreadRun } from './threadCost.js';

/** What the capture thread costs, all stages on. */
export async function captureThreadCost(
  near: SpeechLoop,
  far: SpeechLoop,
  run: ThreadRun,
): Promise<WorkCost> {
  const farEnd = createSampleRing(ringSamples);
  const stream = standInDevice('input');
  const thread = await startCaptureThread({ farEnd, settings: everythingOn });
  thread.attach(stream);
  const device = new SpscSampleRing(stream.ring);
  const played = new SpscSampleRing(farEnd);
  const frames = new CapturedFrameReader(thread.packets);
  const buffer = new Float32Array(deviceFrames * deviceChannels);
  const step = new Float32Array(stepSamples);
  const cost = await threadCost('all of it, in its thread as it runs', run, () => {
    far.fill(step);
    played.push(step);
    near.fillStereo(buffer);
    device.push(buffer);
    device.header.wake();
    while (frames.next(monotonicMs()));
  });
  await thread.close();
  return cost;
}
