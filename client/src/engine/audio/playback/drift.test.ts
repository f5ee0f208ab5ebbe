import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { encodeSpeech } from '../testing/encodeSpeech.js';
import { readSpeakers } from './playbackTables.js';
import { SteppedOutput, SteppedPlayback } from './testing/steppedPlayback.js';

/** 48 kHz, whole periods in each second, so that a second can be said again and again. */
const hz = 220;
const peak = 0.3;
const tone = Float32Array.from({ length: 96_000 }, (_value, i) => {
  return peak * Math.sin((2 * Math.PI * hz * i) / 48_000);
});
const secondOfTone = encodeSpeech(tone).slice(50);
const frameMs = 20;

/** 3,600 where somebody asks for the whole hour. */
const seconds = Number(process.env['ROOKERY_DRIFT_SECONDS'] ?? 120);
const frames = seconds * 50;

interface Drift {
  readonly senderPpm: number;
  readonly devicePpm: number;
  readonly sampleRate: number;
  readonly bufferFrames: number;
  readonly seed: number;
}

interface Heard {
  readonly underruns: number;
  readonly lateSteps: number;
  readonly concealed: number;
  readonly late: number;
  readonly samplesStretched: number;
  readonly delayMsMax: number;
  /** Steepest change between two samples, 1 being the steepest of the tone. */
  readonly steepest: number;
  /** Of the level of 10 ms, 1 being that of the tone. */
  readonly loudest: number;
  readonly quietest: number;
  readonly frames: number;
}

/** Lets somebody talk without a pause, and listens to it once all has settled. */
function listen(drift: Drift): Heard {
  const random = new SeededRandom(drift.seed);
  const { sampleRate, bufferFrames } = drift;
  const playback = new SteppedPlayback();
  const output = new SteppedOutput({ sampleRate, channels: 1, bufferFrames });
  const [settledFrame, startMs] = [250, 1_000_000];
  playback.addSpeaker(1);
  playback.command({ kind: 'attach', output: output.stream });
  playback.loop.turn(startMs - output.bufferMs);
  const sentMs = (frame: number): number => (frame * frameMs) / (1 + drift.senderPpm * 1e-6);
  const bufferMs = output.bufferMs / (1 + drift.devicePpm * 1e-6);
  const steepestOfTone = (peak * 2 * Math.PI * hz) / sampleRate;
  const heard = { steepest: 0, loudest: 0, quietest: Infinity, delayMsMax: 0 };
  let [frame, comesMs, last] = [0, startMs, 0];
  for (let buffers = 0; frame < frames; buffers++) {
    const nowMs = buffers * bufferMs;
    output.take();
    const turnMs = startMs + nowMs + random.below(3_000) / 1_000;
    for (; comesMs <= turnMs; frame++) {
      playback.push(1, frame, false, secondOfTone[frame % 50]!, comesMs);
      comesMs = startMs + sentMs(frame + 1) + random.below(4_000) / 1_000;
    }
    playback.loop.turn(turnMs);
    let power = 0;
    for (const sample of output.buffer) {
      power += sample * sample;
      if (frame >= settledFrame) {
        heard.steepest = Math.max(heard.steepest, Math.abs(sample - last) / steepestOfTone);
      }
      last = sample;
    }
    if (frame < settledFrame) continue;
    const level = Math.sqrt(power / bufferFrames) / (peak * Math.SQRT1_2);
    heard.loudest = Math.max(heard.loudest, level);
    heard.quietest = Math.min(heard.quietest, level);
    if (buffers % 100 === 0) {
      const { delayMs } = readSpeakers(playback.speakers).get(1)!;
      heard.delayMsMax = Math.max(heard.delayMsMax, delayMs);
    }
  }
  const statistics = readSpeakers(playback.speakers).get(1)!;
  const { columns } = playback.table;
  playback.free();
  return {
    ...heard,
    underruns: columns.underruns.load(0) + output.underruns,
    lateSteps: columns.lateSteps.load(0),
    concealed: statistics.framesConcealed + statistics.framesRecovered,
    late: statistics.framesLate,
    samplesStretched: statistics.samplesStretched,
    frames: statistics.framesPlayed,
  };
}

const drifts: readonly Drift[] = [
  { senderPpm: 200, devicePpm: 0, sampleRate: 48_000, bufferFrames: 480, seed: 1 },
  { senderPpm: -200, devicePpm: 0, sampleRate: 48_000, bufferFrames: 480, seed: 2 },
  { senderPpm: 0, devicePpm: 200, sampleRate: 44_100, bufferFrames: 441, seed: 3 },
  { senderPpm: 100, devicePpm: -100, sampleRate: 48_000, bufferFrames: 1_024, seed: 4 },
];

test.each(drifts)('nothing is heard of two clocks that drift apart: %o', (drift) => {
  const heard = listen(drift);
  const { senderPpm, devicePpm } = drift;
  expect(heard).toMatchObject({ underruns: 0, lateSteps: 0, concealed: 0, late: 0 });
  expect(heard.frames).toBeGreaterThan(frames - 20);
  // The drift was taken up, and by stretching alone.
  const driftSamples = seconds * 0.048 * Math.abs(senderPpm - devicePpm);
  expect(heard.samplesStretched).toBeGreaterThan(driftSamples - 480);
  expect(heard.steepest).toBeLessThan(1.3);
  expect(heard.loudest).toBeLessThan(1.2);
  expect(heard.quietest).toBeGreaterThan(0.8);
  expect(heard.delayMsMax).toBeLessThan(60);
});
