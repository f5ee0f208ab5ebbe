import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { encodeSpeech } from '../../testing/encodeSpeech.js';
import { readSpeakers } from '../playbackTables.js';
import { SteppedOutput, SteppedPlayback } from './steppedPlayback.js';

/** 48 kHz, whole periods in each second, so that a second can be said again and again. */
const hz = 220;
const peak = 0.3;
const frameMs = 20;
const framesPerSecond = 50;
/** Up to here the delay finds its place. */
const settledFrame = 250;
const startMs = 1_000_000;

/** Beyond this the tone has a jump in it that can be heard. */
export const driftBounds = { steepestMax: 1.3, loudestMax: 1.2, quietestMin: 0.8 } as const;

/** Two clocks, and what plays. */
export interface Drift {
  /** How much faster they are than they should be. */
  readonly senderPpm: number;
  readonly devicePpm: number;
  readonly sampleRate: number;
  readonly bufferFrames: number;
  /** Of how packets and threads are late. */
  readonly seed: number;
}

/** What was heard, and counted on the way. */
export interface DriftHeard {
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

/**
 * Lets somebody talk without a pause, in stepped time, and listens to it once all has settled.
 *
 * @param seconds of the talk
 */
export function listenToDrift(drift: Drift, seconds: number): DriftHeard {
  const random = new SeededRandom(drift.seed);
  const { sampleRate, bufferFrames } = drift;
  const playback = new SteppedPlayback();
  const output = new SteppedOutput({ sampleRate, channels: 1, bufferFrames });
  const secondOfTone = encodeTone();
  const frames = seconds * framesPerSecond;
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
      playback.push(1, frame, false, secondOfTone[frame % framesPerSecond]!, comesMs);
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

/** @returns frames of a second of the tone, from the midst of it */
function encodeTone(): Uint8Array[] {
  const tone = Float32Array.from({ length: 96_000 }, (_value, i) => {
    return peak * Math.sin((2 * Math.PI * hz * i) / 48_000);
  });
  return encodeSpeech(tone).slice(framesPerSecond);
}
