import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { defaultRoom } from '@rookery/schemas/protocol';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { afterAll, expect, test } from 'vitest';
import { frameSamplesMax } from './audioLimits.js';
import { align } from './correlate.js';
import { OpusDecoder } from './opusCodec.js';
import { OpusLibrary } from './opusLibrary.js';
import { carriesFec, packetSamples } from './opusPacket.js';
import { openSenderOn, openSpeechSender, type SpeechFrame } from './speechSender.js';
import { speechLike } from './testing/speechLike.js';
import { wavFile } from './testing/wavFile.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-sender-'));
afterAll(() => rmSync(folder, { recursive: true }));

const speech = speechLike(new SeededRandom(9), 2);
const speechPath = join(folder, 'speech.wav');
writeFileSync(speechPath, wavFile(speech));
const shortPath = join(folder, 'short.wav');
writeFileSync(shortPath, wavFile(speech.subarray(24_000, 27_000)));

/** Keeps a frame beyond its call. */
const keep = (frame: SpeechFrame): SpeechFrame => ({ ...frame, payload: frame.payload.slice() });

function decode(frames: readonly SpeechFrame[], seconds: number): Float32Array {
  const decoder = new OpusDecoder(new OpusLibrary());
  const out = new Int16Array(frameSamplesMax);
  const signal = new Float32Array(seconds * 48_000);
  for (const { payload, timestamp } of frames) {
    const samples = decoder.decode(payload, payload.length, out);
    expect(samples).toBeGreaterThan(0);
    signal.set(
      Float32Array.from(out.subarray(0, samples), (sample) => sample / 32_768),
      timestamp,
    );
  }
  decoder.free();
  return signal;
}

test('sends a file once, whole, in 20 ms frames', async () => {
  const frames: SpeechFrame[] = [];
  const onFrame = (frame: SpeechFrame): void => void frames.push(keep(frame));
  const sender = await openSpeechSender({ wavPath: speechPath, repeat: 'once', onFrame });
  expect(sender.durationSeconds).toBe(2);
  sender.start();
  const summary = await sender.finished;
  // 100 frames of sound and one for what the codec still holds.
  expect(summary.frames + summary.framesDropped).toBe(101);
  expect(summary.frames).toBe(frames.length);
  expect(summary.seconds).toBeCloseTo(frames.length / 50, 9);
  expect(frames.at(-1)).toMatchObject({ timestamp: 100 * frameSamples, endOfSpurt: true });
  expect(frames.slice(0, -1).some((frame) => frame.endOfSpurt)).toBe(false);
  expect(new Set(frames.map(({ level }) => level)).size).toBeGreaterThan(5);
  const heard = align(speech, decode(frames, 3), { lagSamplesMax: 1_000 });
  expect(heard.correlation).toBeGreaterThan(0.9);
  await sender.stop();
});

test('repeats a file without a gap until its time is over', async () => {
  const timestamps: number[] = [];
  const onFrame = ({ timestamp }: SpeechFrame): void => void timestamps.push(timestamp);
  const options = { wavPath: shortPath, repeat: 'loop', secondsMax: 0.5, onFrame } as const;
  const sender = await openSpeechSender(options);
  sender.start();
  const summary = await sender.finished;
  expect(summary.frames + summary.framesDropped).toBe(25);
  expect(timestamps.at(-1)).toBe(24 * frameSamples);
});

test('ends its spurt when it is stopped', async () => {
  const frames: SpeechFrame[] = [];
  let onFifth = (): void => undefined;
  const fifth = new Promise<void>((resolve) => (onFifth = resolve));
  const onFrame = (frame: SpeechFrame): void => {
    frames.push(keep(frame));
    if (frames.length === 5) onFifth();
  };
  const sender = await openSpeechSender({ wavPath: shortPath, repeat: 'loop', onFrame });
  sender.start();
  await fifth;
  await sender.stop();
  expect(frames.length).toBeGreaterThan(5);
  expect(frames.map(({ endOfSpurt }) => endOfSpurt).lastIndexOf(false)).toBe(frames.length - 2);
  expect(frames.at(-1)!.endOfSpurt).toBe(true);
  expect((await sender.finished).frames).toBe(frames.length);
});

test.each([10, 40, 60])('sends a file whole in frames of %i ms', async (frameMs) => {
  const frames: SpeechFrame[] = [];
  const onFrame = (frame: SpeechFrame): void => void frames.push(keep(frame));
  const encoding = { ...defaultRoom, frameMs, isFecOn: false };
  const options = { wavPath: speechPath, repeat: 'once', encoding, onFrame } as const;
  const sender = await openSpeechSender(options);
  sender.start();
  const { frames: count, framesDropped, seconds } = await sender.finished;
  const samples = 48 * frameMs;
  expect(count + framesDropped).toBe(Math.ceil((96_000 + 312) / samples));
  expect(seconds).toBeCloseTo((count * frameMs) / 1_000, 9);
  for (const { payload, timestamp } of frames) {
    expect(packetSamples(payload, 0, payload.length)).toBe(samples);
    expect(timestamp % samples).toBe(0);
    expect(carriesFec(payload, 0, payload.length)).toBe(false);
  }
  expect(frames.at(-1)!.endOfSpurt).toBe(true);
  const heard = align(speech, decode(frames, 3), { lagSamplesMax: 1_000 });
  expect(heard.correlation).toBeGreaterThan(0.9);
});

test('changes the length of its frames while it speaks, without a gap', async () => {
  const frames: SpeechFrame[] = [];
  const lengths = [60, 10, 40, 20];
  const onFrame = (frame: SpeechFrame): void => {
    frames.push(keep(frame));
    const frameMs = lengths[Math.floor(frames.length / 8)];
    if (frames.length % 8 === 0 && frameMs !== undefined) {
      sender.setEncoding({ ...defaultRoom, frameMs });
    }
  };
  const encoding = { ...defaultRoom, frameMs: lengths[0]! };
  const options = { wavPath: speechPath, repeat: 'once', encoding, onFrame } as const;
  const sender = await openSpeechSender(options);
  sender.start();
  const { framesDropped } = await sender.finished;
  const durations = frames.map(({ payload }) => packetSamples(payload, 0, payload.length) / 48);
  expect(new Set(durations)).toEqual(new Set(lengths));
  frames.forEach(({ timestamp }, index) => {
    const next = frames[index + 1];
    const end = timestamp + durations[index]! * 48;
    if (framesDropped === 0 && next) expect(next.timestamp).toBe(end);
  });
});

test('encodes with another bitrate from the moment it is told', async () => {
  const bytes: number[] = [];
  let onEnough = (): void => undefined;
  const enough = new Promise<void>((resolve) => (onEnough = resolve));
  const onFrame = ({ payload }: SpeechFrame): void => {
    bytes.push(payload.length);
    if (bytes.length === 50) sender.setEncoding({ ...defaultRoom, bitrate: 96_000 });
    if (bytes.length === 110) onEnough();
  };
  const encoding = { ...defaultRoom, bitrate: 12_000 };
  const options = { wavPath: speechPath, repeat: 'loop', encoding, onFrame } as const;
  const sender = await openSpeechSender(options);
  sender.start();
  await enough;
  await sender.stop();
  const mean = (part: number[]): number => part.reduce((sum, one) => sum + one) / part.length;
  // Some frames were on their way already, and Opus takes some to get to another size.
  expect(mean(bytes.slice(60, 110))).toBeGreaterThan(3 * mean(bytes.slice(0, 50)));
});

test('sends nothing when it is stopped before it starts', async () => {
  const onFrame = (): never => expect.unreachable();
  const sender = await openSpeechSender({ wavPath: speechPath, repeat: 'once', onFrame });
  await sender.stop();
  expect(await sender.finished).toEqual({ frames: 0, framesDropped: 0, seconds: 0 });
});

test('drops what a stall made too late and lets the timestamp run on', async () => {
  const timestamps: number[] = [];
  const onFrame = ({ timestamp }: SpeechFrame): void => {
    timestamps.push(timestamp);
    // The thread of the network stands still for 600 ms.
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    if (timestamps.length === 10) Atomics.wait(nobody, 0, 0, 600);
  };
  const sender = await openSpeechSender({ wavPath: speechPath, repeat: 'once', onFrame });
  sender.start();
  const { frames, framesDropped } = await sender.finished;
  // Of the 30 frames that came due, those of the last 200 ms are sent.
  expect(framesDropped).toBeGreaterThanOrEqual(18);
  expect(frames + framesDropped).toBe(101);
  const places = timestamps.map((timestamp) => timestamp / frameSamples);
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  expect(places.at(-1)).toBe(100);
});

test('reports an encoder that dies', async () => {
  const options = { wavPath: speechPath, repeat: 'loop', onFrame: () => undefined } as const;
  const entry = new URL('./testing/dyingWorker.js', import.meta.url);
  const sender = await openSenderOn(options, entry);
  sender.start();
  await expect(sender.finished).rejects.toMatchObject({
    code: 'internal',
    message: 'the thread for encoding died: a bug in the thread',
  });
  await sender.stop();
});

test('reports an encoder that does not start', async () => {
  const options = { wavPath: speechPath, repeat: 'once', onFrame: () => undefined } as const;
  const entry = new URL('./testing/missingWorker.js', import.meta.url);
  await expect(openSenderOn(options, entry)).rejects.toMatchObject({ code: 'internal' });
});

test('ends with what onFrame throws', async () => {
  const fault = new Error('the network is gone');
  const onFrame = (): never => {
    throw fault;
  };
  const sender = await openSpeechSender({ wavPath: speechPath, repeat: 'loop', onFrame });
  sender.start();
  await expect(sender.finished).rejects.toBe(fault);
});

test('says which file it cannot read', async () => {
  const wavPath = join(folder, 'missing.wav');
  const options = { wavPath, repeat: 'once', onFrame: () => undefined } as const;
  await expect(openSpeechSender(options)).rejects.toMatchObject({ code: 'unreadableWav' });
});
