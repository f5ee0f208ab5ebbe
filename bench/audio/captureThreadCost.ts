import { setTimeout as delay } from 'node:timers/promises';
import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import { startCaptureThread } from '@rookery/client/engine/audio/capture/captureThread';
import { CapturedFrameReader } from '@rookery/client/engine/audio/capture/capturedFrame';
import { streamTable, type DeviceStream } from '@rookery/client/engine/audio/device/audioDevice';
import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { createSampleRing, SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import type { WorkCost } from './audioMessages.js';
import {
  deviceChannels,
  deviceFrames,
  deviceRate,
  everythingOn,
  ringSamples,
} from './captureRig.js';
import type { SpeechLoop } from './speechLoop.js';

const stepMs = 10;

/**
 * What the capture thread costs as it runs, woken by a device each 10 ms: its caches are cold then,
 * which they are not where one step follows on the other. CPU of all threads of this process but
 * the main one, which is the device.
 *
 * @param warmUpSteps before it is measured, so that it is compiled
 */
export async function captureThreadCost(
  near: SpeechLoop,
  far: SpeechLoop,
  { warmUpSteps, seconds }: { readonly warmUpSteps: number; readonly seconds: number },
): Promise<WorkCost> {
  const farEnd = createSampleRing(ringSamples);
  const stream = standInDevice();
  const thread = await startCaptureThread({ farEnd, settings: everythingOn });
  thread.attach(stream);
  const device = new SpscSampleRing(stream.ring);
  const played = new SpscSampleRing(farEnd);
  const frames = new CapturedFrameReader(thread.packets);
  const buffer = new Float32Array(deviceFrames * deviceChannels);
  const step = new Float32Array(stepSamples);
  const move = (): void => {
    far.fill(step);
    played.push(step);
    near.fillStereo(buffer);
    device.push(buffer);
    device.header.wake();
    while (frames.next(monotonicMs()));
  };
  await everyStep(warmUpSteps, move);
  const steps = Math.round((seconds * 1_000) / stepMs);
  const before = readProcessUsage(process.pid);
  await everyStep(steps, move);
  const { cpuSeconds, mainThreadSeconds } = usageBetween(before, readProcessUsage(process.pid));
  await thread.close();
  const us = ((cpuSeconds - mainThreadSeconds) * 1e6) / steps;
  return { name: 'all of it, in its thread as it runs', us, percent: us / (10 * stepMs) };
}

/** Calls `move` each 10 ms on an absolute schedule. */
async function everyStep(steps: number, move: () => void): Promise<void> {
  const startMs = monotonicMs();
  for (let step = 0; step < steps; step++) {
    const waitMs = startMs + step * stepMs - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    move();
  }
}

function standInDevice(): DeviceStream {
  return {
    direction: 'input',
    deviceName: 'stand-in',
    sampleRate: deviceRate,
    channels: deviceChannels,
    bufferFrames: deviceFrames,
    ring: createSampleRing(ringSamples),
    table: streamTable.allocate(1).memory,
    ended: new Promise(() => undefined),
    close: () => Promise.resolve(),
  };
}
