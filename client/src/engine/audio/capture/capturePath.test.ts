import { describe, expect, test } from 'vitest';
import { stepSamples } from '../audioLimits.js';
import { wishEncoding } from '../encoderWishes.js';
import { opusEncoderDefaults } from '../opusCodec.js';
import { carriesFec } from '../opusPacket.js';
import { levelDb } from './captureTable.js';
import { CapturePathStage } from './testing/capturePathStage.js';
import { readClip, speechWithPauses } from './testing/recordedSpeech.js';

const tone = Float32Array.from({ length: 9_600 }, (_s, i) => 0.3 * Math.sin(i / 9));
const continuous = { mode: 'continuous', isNoiseSuppressorOn: false } as const;

describe('voice activated', () => {
  test('each word is a spurt of its own, with its start, at its time', async () => {
    const { signal, isSpeech } = await speechWithPauses(['Front_Center', 'Front_Left'], 1);
    const stage = new CapturePathStage();
    const frames = [...stage.capture(signal), ...stage.finish()];
    const ends = frames.filter(({ endOfSpurt }) => endOfSpurt);
    const starts = frames.filter((_f, i) => i === 0 || frames[i - 1]!.endOfSpurt);
    expect(ends.length).toBe(starts.length);
    expect(frames.at(-1)!.endOfSpurt).toBe(true);
    frames.slice(1).forEach((frame, i) => {
      const advance = frame.timestamp - frames[i]!.timestamp;
      if (frames[i]!.endOfSpurt) expect(advance).toBeGreaterThanOrEqual(960);
      else expect(advance).toBe(960);
    });
    // The first word begins before its first step of speech, and not long before.
    const spoken = isSpeech.indexOf(true) * stepSamples;
    expect(spoken - starts[0]!.timestamp).toBeGreaterThanOrEqual(0);
    expect(spoken - starts[0]!.timestamp).toBeLessThan(12 * stepSamples);
    const seconds = (frames.length * 960) / 48_000;
    expect(seconds).toBeLessThan(signal.length / 48_000 - 1);
  });

  test('what goes out before a word was captured when it says', async () => {
    const { signal } = await speechWithPauses(['Front_Center'], 0.5);
    const stage = new CapturePathStage();
    stage.writer.capturedAtMs[0] = 10_000;
    const frames = stage.capture(signal);
    const ages = frames.map(({ capturedAtMs }) => 10_000 - capturedAtMs);
    expect(ages[0]).toBeGreaterThan(0);
    expect(ages[0]).toBeLessThanOrEqual(90);
    expect(ages.at(-1)).toBe(0);
  });
});

test('what is played is not heard in what is captured', async () => {
  const played = (await speechWithPauses(['Rear_Left', 'Side_Right', 'Rear_Left'], 0.1)).signal;
  const stage = new CapturePathStage({ ...continuous, isGainControlOn: false });
  const { columns } = stage.table;
  const echo = new Float32Array(played.length);
  for (let i = 1_440; i < echo.length; i++) echo[i] = 0.1 * played[i - 1_440]!;
  let [heard, left, steps] = [0, 0, 0];
  for (let at = 0; at + stepSamples <= played.length; at += stepSamples) {
    stage.farEnd.push(played.subarray(at, at + stepSamples));
    stage.capture(echo.subarray(at, at + stepSamples));
    if (at < played.length / 2 || ++steps % 5 !== 0) continue;
    heard += 10 ** (levelDb(columns.rms.load(0, 2)) / 10);
    left += 10 ** (levelDb(columns.rms.load(0, 3)) / 10);
  }
  expect(10 * Math.log10(heard / left)).toBeGreaterThan(20);
  expect(columns.farEndSteps.load(0)).toBe(columns.steps.load(0));
});

test('what was played before a device is attached does not count', () => {
  const stage = new CapturePathStage(continuous);
  for (let i = 0; i < 5; i++) stage.farEnd.push(new Float32Array(stepSamples));
  stage.path.begin();
  stage.capture(tone);
  expect(stage.table.columns.farEndSteps.load(0)).toBe(0);
});

test('lost samples are counted, and missing from the time line', () => {
  const stage = new CapturePathStage(continuous);
  const before = stage.capture(tone);
  stage.path.skip(4_800);
  const after = stage.capture(tone);
  expect(stage.table.columns.samplesLost.load(0)).toBe(4_800);
  expect(after[0]!.timestamp - before.at(-1)!.timestamp).toBe(960 + 4_800);
});

test('shows a microphone that clips, and no longer than a second after', () => {
  const stage = new CapturePathStage(continuous);
  const shown = (): number => stage.table.columns.isClipping.load(0);
  stage.capture(tone);
  expect(shown()).toBe(0);
  stage.capture(new Float32Array(stepSamples).fill(1));
  expect(shown()).toBe(1);
  stage.capture(new Float32Array(48_000 - stepSamples));
  expect(shown()).toBe(1);
  stage.capture(new Float32Array(stepSamples));
  expect(shown()).toBe(0);
});

test('settings hold from the next step on', () => {
  const stage = new CapturePathStage(continuous);
  expect(stage.capture(tone).length).toBe(10);
  stage.configure({ ...continuous, isMuted: true });
  const ending = stage.capture(tone);
  expect(ending.map(({ endOfSpurt, level }) => [endOfSpurt, level])).toEqual([[true, 0]]);
  stage.configure({ ...continuous, mode: 'pushToTalk' });
  expect(stage.capture(tone)).toEqual([]);
});

test('FEC and bitrate are what the room says', async () => {
  const speech = (await readClip('Rear_Left')).subarray(12_000, 36_000);
  const stage = new CapturePathStage(continuous);
  const payloadsAt = (bitrate: number, fec: 'off' | 'inBand'): Uint8Array[] => {
    wishEncoding(stage.encoding, { ...opusEncoderDefaults, bitrate, fec, lossPercent: 20 });
    return stage.capture(speech).map(({ payload }) => payload);
  };
  const hasFec = (payload: Uint8Array): boolean => carriesFec(payload, 0, payload.length);
  const bytes = (payloads: Uint8Array[]): number =>
    payloads.reduce((sum, { length }) => sum + length, 0);
  const withFec = payloadsAt(24_000, 'inBand');
  expect(withFec.slice(5).some(hasFec)).toBe(true);
  const without = payloadsAt(24_000, 'off');
  expect(without.slice(5).some(hasFec)).toBe(false);
  expect(bytes(payloadsAt(96_000, 'off'))).toBeGreaterThan(2 * bytes(without));
});
