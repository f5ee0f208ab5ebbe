import { afterEach, expect, test } from 'vitest';
import { align } from '../correlate.js';
import { streamTable, type DeviceStream } from '../device/audioDevice.js';
import { frameSamplesMax } from '../audioLimits.js';
import { OpusDecoder } from '../opusCodec.js';
import { OpusLibrary } from '../opusLibrary.js';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { CapturedFrameReader } from './capturedFrame.js';
import { captureTable } from './captureTable.js';
import {
  startCaptureOn,
  startCaptureThread,
  usualCapture,
  type CaptureSettings,
  type CaptureThread,
} from './captureThread.js';
import { readClip } from './testing/recordedSpeech.js';
import type { ReadFrame } from './testing/capturePathStage.js';

const running: CaptureThread[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((thread) => thread.close()));
});

/** Everything that is captured, as it is. */
const continuous: CaptureSettings = {
  ...usualCapture,
  ...{ mode: 'continuous', isHighPassOn: false, isEchoCancellerOn: false },
  ...{ isNoiseSuppressorOn: false, isGainControlOn: false },
};

async function start(settings: CaptureSettings): Promise<CaptureThread> {
  const thread = await startCaptureThread({ farEnd: createSampleRing(4_096), settings });
  running.push(thread);
  return thread;
}

/** A microphone that captures what it is told to, as fast as it is taken. */
class TestMicrophone {
  readonly ring = new SpscSampleRing(createSampleRing(32_768));
  readonly stream: DeviceStream;

  constructor(sampleRate = 48_000) {
    const ring = createSampleRing(32_768);
    this.ring = new SpscSampleRing(ring);
    const table = streamTable.allocate(1).memory;
    this.stream = {
      ...{ direction: 'input', deviceName: 'test', sampleRate, channels: 1, bufferFrames: 480 },
      ...{ ring, table, ended: new Promise(() => undefined), close: () => Promise.resolve() },
    };
  }

  /** Captures all of `signal`, as the worker takes it. */
  async capture(signal: Float32Array): Promise<void> {
    for (let at = 0; at < signal.length; at += 480) {
      const piece = signal.subarray(at, at + 480);
      // Less than what would count as a backlog.
      while (this.ring.header.used > 16_384) await nextTurn();
      this.ring.push(piece);
      this.ring.header.wake();
    }
    while (this.ring.header.used >= 480) await nextTurn();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** @returns frames until `isEnough` of them are here */
async function read(
  thread: CaptureThread,
  isEnough: (frames: readonly ReadFrame[]) => boolean,
): Promise<ReadFrame[]> {
  const reader = new CapturedFrameReader(thread.packets);
  const frames: ReadFrame[] = [];
  for (;;) {
    const { signal, closed } = thread.packets.header;
    while (reader.next(0)) {
      const { timestamp, endOfSpurt, level, capturedAtMs, payload, payloadBytes } = reader;
      const copy = payload.slice(0, payloadBytes);
      frames.push({ timestamp, endOfSpurt, level, capturedAtMs, payload: copy });
    }
    if (isEnough(frames) || closed) return frames;
    await thread.packets.header.sleepAsync(signal);
  }
}

const hasEnded = (frames: readonly ReadFrame[]): boolean => frames.at(-1)?.endOfSpurt ?? false;

test('speech into a microphone is speech in the packets', async () => {
  const speech = await readClip('Front_Center');
  const thread = await start(continuous);
  const microphone = new TestMicrophone();
  await attach(thread, microphone);
  const frames = read(thread, hasEnded);
  await microphone.capture(speech);
  thread.attach(null);
  const decoder = new OpusDecoder(new OpusLibrary());
  const pcm = new Int16Array(frameSamplesMax);
  const heard: number[] = [];
  const all = await frames;
  all.forEach(({ payload, timestamp }, i) => {
    if (i > 0) expect(timestamp - all[i - 1]!.timestamp).toBe(960);
    const samples = decoder.decode(payload, payload.length, pcm);
    for (let s = 0; s < samples; s++) heard.push(pcm[s]! / 32_768);
  });
  decoder.free();
  expect(all.filter(({ endOfSpurt }) => endOfSpurt)).toHaveLength(1);
  const { correlation } = align(speech, Float32Array.from(heard), { lagSamplesMax: 4_800 });
  expect(correlation).toBeGreaterThan(0.95);
});

/** Gives silence until the worker takes steps: it drops what was captured before it knew. */
async function attach(thread: CaptureThread, microphone: TestMicrophone): Promise<void> {
  const { steps } = captureTable.attach(thread.table).columns;
  const before = steps.load(0);
  thread.attach(microphone.stream);
  while (steps.load(0) === before) await microphone.capture(new Float32Array(960));
}

test.each([10, 20, 40, 60])('frames are %i ms long where the room says so', async (frameMs) => {
  const thread = await start(continuous);
  thread.setEncoding({ bitrate: 32_000, isFecOn: true, frameMs, expectedLossPct: 5 });
  const microphone = new TestMicrophone(44_100);
  await attach(thread, microphone);
  const frames = read(thread, (all) => all.length >= 5);
  const noise = Float32Array.from({ length: 44_100 }, (_s, i) => 0.3 * Math.sin(i / 9));
  await microphone.capture(noise);
  const starts = (await frames).map(({ timestamp }) => timestamp);
  starts.slice(1).forEach((at, i) => expect(at - starts[i]!).toBe(48 * frameMs));
});

test('a device that ends, ends the spurt; another goes on after it', async () => {
  const thread = await start(continuous);
  const first = new TestMicrophone();
  await attach(thread, first);
  const sound = Float32Array.from({ length: 9_600 }, (_s, i) => 0.3 * Math.sin(i / 9));
  const ended = read(thread, hasEnded);
  await first.capture(sound);
  first.ring.header.close();
  const before = await ended;
  const second = new TestMicrophone(16_000);
  const goesOn = read(thread, (frames) => frames.length > 0);
  await attach(thread, second);
  await second.capture(sound);
  const [next] = await goesOn;
  expect(next!.timestamp).toBeGreaterThanOrEqual(before.at(-1)!.timestamp + 960);
});

test('muted nothing leaves but the end; monitored and dumped it still is', async () => {
  const thread = await start(continuous);
  thread.setMonitored(true);
  thread.setDumping(true);
  const microphone = new TestMicrophone();
  await attach(thread, microphone);
  const sound = Float32Array.from({ length: 4_800 }, (_s, i) => 0.3 * Math.sin(i / 9));
  const { columns } = captureTable.attach(thread.table);
  const ended = read(thread, hasEnded);
  while (columns.frames.load(0) === 0) await microphone.capture(sound);
  thread.configure({ ...continuous, isMuted: true });
  await microphone.capture(sound);
  await ended;
  const frames = columns.frames.load(0);
  await microphone.capture(sound);
  expect(columns.frames.load(0)).toBe(frames);
  expect(columns.isTransmitting.load(0)).toBe(0);
  for (const tap of [thread.ownVoice, thread.dumpRaw, thread.dumpProcessed]) {
    expect(new SpscSampleRing(tap).header.used).toBeGreaterThan(0);
  }
});

test('push to talk sends from key to release, and also for a short press', async () => {
  const thread = await start({ ...continuous, mode: 'pushToTalk', releaseMs: 0 });
  const microphone = new TestMicrophone();
  await attach(thread, microphone);
  const sound = Float32Array.from({ length: 4_800 }, (_s, i) => 0.3 * Math.sin(i / 9));
  const { columns } = captureTable.attach(thread.table);
  await microphone.capture(sound);
  expect(columns.frames.load(0)).toBe(0);
  thread.setKey(true);
  thread.setKey(false);
  const ended = read(thread, hasEnded);
  await microphone.capture(sound);
  expect(await ended).toHaveLength(1);
});

test('a dead worker is told of, and ends whoever waits for packets', async () => {
  const entry = new URL('../testing/dyingWorker.js', import.meta.url);
  const options = { farEnd: createSampleRing(4_096), settings: usualCapture };
  const thread = await startCaptureOn(options, entry);
  thread.attach(null);
  const failure = await thread.failed;
  expect(failure.code).toBe('internal');
  expect(failure.message).toContain('capturing');
  expect(await read(thread, () => false)).toEqual([]);
  await thread.close();
});
