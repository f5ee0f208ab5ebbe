import { expect, test } from 'vitest';
import { OutputFeed } from './outputFeed.js';
import { SteppedOutput } from './testing/steppedPlayback.js';

const stepSamples = 480;

/** 10 ms of one value on the left, another one on the right. */
function stereoOf(left: number, right: number): Float32Array {
  return Float32Array.from({ length: 2 * stepSamples }, (_value, i) => (i % 2 ? right : left));
}

function fill(feed: OutputFeed, step: Float32Array): number {
  let steps = 0;
  for (; feed.isHungry; steps++) feed.feed(step);
  return steps;
}

test.each([
  [48_000, 480, 10],
  [48_000, 960, 20],
  [44_100, 441, 10],
  [48_000, 240, 5],
])('at %i Hz, with buffers of %i, %i ms are kept ready', (sampleRate, bufferFrames, targetMs) => {
  const output = new SteppedOutput({ sampleRate, channels: 2, bufferFrames });
  const feed = new OutputFeed(output.stream);
  expect(feed.targetMs).toBeCloseTo(targetMs);
  // Silence at first, so that nobody who talks need hurry.
  expect(fill(feed, stereoOf(0.1, 0.1))).toBe(0);
  for (let buffer = 0; buffer < 300; buffer++) {
    output.take();
    expect(feed.observe(buffer * output.bufferMs)).toBe(0);
    fill(feed, stereoOf(0.1, 0.1));
    expect(feed.heldMs).toBeGreaterThan(targetMs - 0.1);
    expect(feed.heldMs).toBeLessThan(targetMs + 10);
  }
  expect(output.underruns).toBe(0);
});

test.each([
  [1, [0.3]],
  [2, [0.2, 0.4]],
  [6, [0.2, 0.4, 0, 0, 0, 0]],
])('a device of %i channels gets %o', (channels, levels) => {
  const output = new SteppedOutput({ sampleRate: 48_000, channels, bufferFrames: 480 });
  const feed = new OutputFeed(output.stream);
  output.take();
  fill(feed, stereoOf(0.2, 0.4));
  output.take();
  levels.forEach((level, channel) => expect(output.buffer[channel]).toBeCloseTo(level));
});

test('keeps more ready after an underrun, and less once half a minute needed less', () => {
  const output = new SteppedOutput({ sampleRate: 48_000, channels: 1, bufferFrames: 480 });
  const feed = new OutputFeed(output.stream);
  fill(feed, stereoOf(0.1, 0.1));
  let nowMs = 0;
  const play = (buffers: number): void => {
    for (let i = 0; i < buffers; i++) {
      output.take();
      feed.observe((nowMs += 10));
      fill(feed, stereoOf(0.1, 0.1));
    }
  };
  play(10);
  // The thread comes 30 ms late.
  for (let i = 0; i < 4; i++) output.take();
  expect(feed.observe((nowMs += 40))).toBe(3);
  fill(feed, stereoOf(0.1, 0.1));
  expect(feed.targetMs).toBe(20);
  expect(feed.heldMs).toBeLessThan(30);
  play(2_900);
  expect(feed.targetMs).toBe(20);
  play(200);
  expect(feed.targetMs).toBe(10);
  play(4_000);
  expect(feed.targetMs).toBe(10);
  expect(output.underruns).toBe(3);
});

test('keeps no more ready where the device itself was late', () => {
  const output = new SteppedOutput({ sampleRate: 48_000, channels: 1, bufferFrames: 480 });
  const feed = new OutputFeed(output.stream);
  fill(feed, stereoOf(0.1, 0.1));
  output.take();
  output.stumble();
  expect(feed.observe(10)).toBe(1);
  expect(feed.targetMs).toBe(10);
});

test('grows to its bound and no further, and once for one stall', () => {
  const output = new SteppedOutput({ sampleRate: 48_000, channels: 1, bufferFrames: 480 });
  const feed = new OutputFeed(output.stream);
  for (let i = 0; i < 100; i++) {
    while (!feed.isHungry) output.take();
    while (output.ring.header.used > 0) output.take();
    output.take();
    feed.observe(i * 100);
    fill(feed, stereoOf(0, 0));
    if (i === 4) expect(feed.targetMs).toBe(20);
  }
  expect(feed.targetMs).toBe(110);
});

test('tells a device that takes nothing', () => {
  const output = new SteppedOutput({ sampleRate: 48_000, channels: 1, bufferFrames: 480 });
  const feed = new OutputFeed(output.stream);
  fill(feed, stereoOf(0, 0));
  feed.observe(0);
  expect(feed.isStalled(200)).toBe(false);
  expect(feed.isStalled(300)).toBe(true);
  output.take();
  feed.observe(310);
  expect(feed.isStalled(310)).toBe(false);
  output.ring.header.close();
  expect(feed.isOver).toBe(true);
});
