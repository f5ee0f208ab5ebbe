import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { liveJitterLimits, stepSamples } from './audioLimits.js';
import { OpusLibrary } from './opusLibrary.js';
import { SpeakerVoice } from './speakerVoice.js';
import { noObjects, settledAllocations } from './testing/allocatedBytes.js';
import { encodeSpeech } from './testing/encodeSpeech.js';
import { speechLike } from './testing/speechLike.js';

const seconds = 12;
const frames = seconds * 50;

/** A held vowel: any gap, cut or repetition off its period is a step that it does not have. */
function heldVowel(hz: number): Float32Array {
  return Float32Array.from({ length: seconds * 48_000 }, (_value, i) => {
    const phase = (2 * Math.PI * hz * i) / 48_000;
    return 0.2 * (Math.sin(phase) + 0.5 * Math.sin(2 * phase + 1) + 0.25 * Math.sin(4 * phase));
  });
}

/** By step: which frames arrive. The network is calm, rough for 4 s, and calm again. */
function arrivals(random: SeededRandom): Map<number, number[]> {
  const byStep = new Map<number, number[]>();
  for (let frame = 0; frame < frames; frame++) {
    const isRough = frame > frames / 3 && frame < (2 * frames) / 3;
    const step = frame * 2 + (isRough ? random.below(9) : 0);
    byStep.set(step, [...(byStep.get(step) ?? []), frame]);
  }
  return byStep;
}

function steepest(pcm: ArrayLike<number>, from: number, to: number): number {
  let steep = 0;
  for (let i = from + 1; i < to; i++) steep = Math.max(steep, Math.abs(pcm[i]! - pcm[i - 1]!));
  return steep;
}

test.each([110, 150, 210])('a vowel of %i Hz goes on while the delay changes', (hz) => {
  const voice = new SpeakerVoice(new OpusLibrary(), liveJitterLimits);
  const source = heldVowel(hz);
  const payloads = encodeSpeech(source);
  const byStep = arrivals(new SeededRandom(hz));
  const heard = new Int16Array((frames * 2 + 40) * stepSamples);
  let [begin, end] = [-1, 0];
  for (let step = 0; step < frames * 2 + 40; step++) {
    for (const frame of byStep.get(step) ?? []) {
      const payload = payloads[frame]!;
      const isLast = frame === frames - 1;
      voice.push(step, frame, frame * 960, isLast, payload, 0, payload.length);
    }
    if (!voice.play(step, heard, step * stepSamples)) continue;
    if (begin < 0) begin = step;
    end = step;
  }
  const { framesPlayed, framesRecovered, framesConcealed } = voice.counts;
  const stretched = voice.stretchedSamples;
  voice.free();
  // What was rough needed more delay, which came and went by stretching alone.
  expect(stretched).toBeGreaterThan(8 * stepSamples);
  // When it suddenly becomes rough, the first that are late are passed over.
  expect(framesPlayed + framesRecovered).toBeGreaterThanOrEqual(frames - 3);
  expect(framesConcealed).toBeLessThanOrEqual(8);
  // The delay of the rough part is gone again, but for what four calm seconds leave of it.
  expect(end - frames * 2).toBeLessThan(12);
  // No step is steeper than the vowel's own, cut or concealed; the first 0.2 s fade in.
  const steepSource = steepest(source, 0, source.length) * 32_768;
  const [from, to] = [begin * stepSamples + 9_600, end * stepSamples - 960];
  expect(steepest(heard, from, to)).toBeLessThan(1.3 * steepSource);
  let silentSteps = 0;
  for (let at = from; at + stepSamples < to; at += stepSamples) {
    if (heard.subarray(at, at + stepSamples).every((sample) => Math.abs(sample) < 400)) {
      silentSteps++;
    }
  }
  expect(silentSteps).toBe(0);
});

test('allocates nothing while it plays, loses and stretches', () => {
  const voice = new SpeakerVoice(new OpusLibrary(), liveJitterLimits);
  const random = new SeededRandom(1);
  const payloads = encodeSpeech(speechLike(random, 4));
  const out = new Int16Array(stepSamples);
  let [step, frame] = [0, 0];
  const play = (): void => {
    // In twos and threes, late by turns, each twentieth lost.
    for (; frame * 2 + (frame % 40 < 20 ? 0 : 5) <= step; frame++) {
      const payload = payloads[frame % payloads.length]!;
      if (random.chance(0.05)) continue;
      voice.push(step, frame, (frame * 960) >>> 0, false, payload, 0, payload.length);
    }
    voice.play(step++, out, 0);
  };
  for (let i = 0; i < 2_000; i++) play();
  const { bytesPerStep, where } = settledAllocations(play, { steps: 500 });
  const { framesRecovered } = voice.counts;
  const stretched = voice.stretchedSamples;
  voice.free();
  expect(framesRecovered).toBeGreaterThan(10);
  expect(stretched).toBeGreaterThan(10 * stepSamples);
  expect(bytesPerStep, JSON.stringify(where)).toBeLessThan(noObjects(1));
});
