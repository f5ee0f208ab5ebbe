import { setTimeout as delay } from 'node:timers/promises';
import {
  streamTable,
  type DeviceStream,
  type StreamDirection,
} from '@rookery/client/engine/audio/device/audioDevice';
import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { createSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import type { WorkCost } from './audioMessages.js';
import { deviceChannels, deviceFrames, deviceRate, ringSamples } from './captureRig.js';

const stepMs = 10;

/** How long a thread is watched. */
export interface ThreadRun {
  /** Before it is measured, so that V8 has compiled what there is to compile. */
  readonly warmUpSteps: number;
  readonly seconds: number;
}

/**
 * What a thread costs as it runs, woken each 10 ms: its caches are cold then, which they are not
 * where one step follows on the other. CPU of all threads of this process but the main one.
 *
 * @param move what the main thread does each 10 ms: it is the device and the network
 */
export async function threadCost(
  name: string,
  { warmUpSteps, seconds }: ThreadRun,
  move: () => void,
): Promise<WorkCost> {
  await everyStep(warmUpSteps, move);
  const steps = Math.round((seconds * 1_000) / stepMs);
  const before = readProcessUsage(process.pid);
  await everyStep(steps, move);
  const { cpuSeconds, mainThreadSeconds } = usageBetween(before, readProcessUsage(process.pid));
  const us = ((cpuSeconds - mainThreadSeconds) * 1e6) / steps;
  return { name, us, percent: us / (10 * stepMs) };
}

/** A device of 44.1 kHz stereo that whoever has its ring moves. */
export function standInDevice(direction: StreamDirection): DeviceStream {
  return {
    direction,
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

/** On an absolute schedule. */
async function everyStep(steps: number, move: () => void): Promise<void> {
  const startMs = monotonicMs();
  for (let step = 0; step < steps; step++) {
    const waitMs = startMs + step * stepMs - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    move();
  }
}
