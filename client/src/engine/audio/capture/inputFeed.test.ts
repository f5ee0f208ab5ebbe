import { expect, test } from 'vitest';
import { sampleRate } from '@rookery/schemas/voicePacket';
import { stepSamples } from '../audioLimits.js';
import { streamTable } from '../device/audioDevice.js';
import { deviceRingSamples } from '../device/deviceLimits.js';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { InputFeed } from './inputFeed.js';
import { signalDb } from './testing/recordedSpeech.js';

/** A device of any kind, moved by hand. */
class TestDevice {
  readonly ring: SpscSampleRing;
  readonly table = streamTable.allocate(1);
  readonly feed: InputFeed;
  readonly bufferFrames: number;
  moved = 0;

  constructor(
    readonly rate: number,
    readonly channels: number,
    readonly hz: number,
  ) {
    const ring = createSampleRing(deviceRingSamples(rate, channels));
    this.ring = new SpscSampleRing(ring);
    this.bufferFrames = Math.round(rate / 100);
    const { bufferFrames, table } = this;
    this.feed = new InputFeed({
      sampleRate: rate,
      channels,
      bufferFrames,
      ring,
      table: table.memory,
    });
  }

  /** The device captures one buffer of a tone that is in all channels. */
  move(): void {
    const piece = new Float32Array(this.bufferFrames * this.channels);
    for (let i = 0; i < piece.length; i++) {
      const frame = this.moved + Math.floor(i / this.channels);
      piece[i] = 0.5 * Math.sin((2 * Math.PI * this.hz * frame) / this.rate);
    }
    this.moved += this.bufferFrames;
    if (!this.ring.push(piece)) this.table.columns.overruns.add(0, 1);
  }

  /** @returns the steps that can be taken now, one after the other */
  take(): Float32Array {
    const steps: number[] = [];
    const step = new Float32Array(stepSamples);
    while (this.feed.next(step)) steps.push(...step);
    return Float32Array.from(steps);
  }
}

const kinds = [
  [8_000, 1],
  [16_000, 1],
  [22_050, 2],
  [44_100, 2],
  [44_117, 1],
  [48_000, 1],
  [48_000, 2],
  [96_000, 6],
  [192_000, 8],
] as const;

test.each(kinds)('%i Hz with %i channels becomes 48 kHz mono', (rate, channels) => {
  const device = new TestDevice(rate, channels, 1_000);
  const pieces: number[] = [];
  for (let i = 0; i < 50; i++) {
    device.move();
    pieces.push(...device.take());
  }
  const heard = Float32Array.from(pieces);
  const error = heard.map((sample, i) => sample - 0.5 * Math.sin((2 * Math.PI * i) / 48));
  expect(signalDb(error, 960) - signalDb(heard, 960)).toBeLessThan(-65);
  // What is missing is on its way through the filter and to the end of a step.
  const missing = (device.moved * sampleRate) / rate - heard.length;
  expect(missing).toBeLessThan(stepSamples + (64 * sampleRate) / rate);
  expect(device.feed.dropBacklog()).toBe(0);
});

test('what waits when a device is attached is older than the wish for it', () => {
  const ring = createSampleRing(4_096);
  new SpscSampleRing(ring).push(new Float32Array(960).fill(1));
  const { memory: table } = streamTable.allocate(1);
  const stream = { sampleRate: 48_000, channels: 1, bufferFrames: 480, ring, table };
  expect(new InputFeed(stream).next(new Float32Array(stepSamples))).toBe(false);
});

test.each(kinds)(
  '%i Hz, %i channels: a full ring loses the oldest, and says how much',
  (...kind) => {
    const device = new TestDevice(...kind, 1_000);
    const buffers = Math.ceil(device.ring.capacity / (device.bufferFrames * device.channels)) + 5;
    for (let i = 0; i < buffers; i++) device.move();
    const lost = device.feed.dropBacklog();
    const kept = device.take().length;
    const captured = (device.moved * sampleRate) / device.rate;
    // 64 taps of the resampler, and less than a step.
    expect(captured - lost - kept).toBeLessThan(stepSamples + (64 * sampleRate) / device.rate);
    expect(captured - lost - kept).toBeGreaterThanOrEqual(0);
    expect(kept).toBeLessThan(stepSamples * 5);
    expect(device.feed.dropBacklog()).toBe(0);
  },
);

test('says how long ago the last sample of a step was captured', () => {
  const device = new TestDevice(48_000, 2, 1_000);
  for (let i = 0; i < 3; i++) device.move();
  const step = new Float32Array(stepSamples);
  const ages = [0, 1, 2].map(() => (device.feed.next(step) ? device.feed.agoMs : NaN));
  expect(ages).toEqual([20, 10, 0]);
});

test('a broken number of a driver becomes silence, not a broken voice', () => {
  const device = new TestDevice(44_100, 1, 1_000);
  device.ring.push(Float32Array.of(NaN, Infinity, -Infinity, 1e30));
  for (let i = 0; i < 3; i++) device.move();
  expect(device.take().every((sample) => Math.abs(sample) < 1)).toBe(true);
});

test('has ended once the device is gone and its samples are taken', () => {
  const device = new TestDevice(48_000, 1, 1_000);
  device.move();
  device.ring.header.close();
  expect(device.feed.hasEnded).toBe(false);
  device.take();
  expect(device.feed.hasEnded).toBe(true);
});
