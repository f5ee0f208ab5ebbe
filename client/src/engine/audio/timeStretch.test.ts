import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { stepSamples } from './audioLimits.js';
import { lengthen, lengthenedSamplesMax, lengthenHistory, shorten } from './timeStretch.js';

const sampleRate = 48_000;
const samples = 2_400;

/** A voiced sound: a fundamental with overtones. */
function voiced(hz: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_value, i) => {
    const phase = (2 * Math.PI * hz * i) / sampleRate;
    return 6_000 * (Math.sin(phase) + 0.6 * Math.sin(2 * phase + 1) + 0.3 * Math.sin(5 * phase));
  });
}

/** Largest step between neighbours, which a cut makes larger. */
function steepest(pcm: Int16Array, from: number, to: number): number {
  let steep = 0;
  for (let i = from + 1; i < to; i++) steep = Math.max(steep, Math.abs(pcm[i]! - pcm[i - 1]!));
  return steep;
}

const pitches = [70, 85, 110, 147, 196, 233, 311, 440];

test.each(pitches)('a voice of %i Hz is lengthened by whole periods, without a cut', (hz) => {
  const pcm = voiced(hz, samples + lengthenedSamplesMax);
  const steepBefore = steepest(pcm, 0, samples);
  const added = lengthen(pcm, samples);
  const periods = (added * hz) / sampleRate;
  expect(added).toBeGreaterThan(0);
  expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.03);
  expect(steepest(pcm, 0, samples + added)).toBeLessThan(steepBefore * 1.2);
  // What comes next continues it.
  const next = voiced(hz, samples + 1)[samples]!;
  expect(Math.abs(pcm[samples + added - 1]! - next)).toBeLessThanOrEqual(steepBefore * 1.2);
});

test.each(pitches.filter((hz) => hz > 100))('a voice of %i Hz is shortened so too', (hz) => {
  const pcm = voiced(hz, samples);
  const original = pcm.slice();
  const steepBefore = steepest(pcm, 0, samples);
  const removed = shorten(pcm, 0, samples, stepSamples);
  const periods = (removed * hz) / sampleRate;
  expect(removed).toBeGreaterThan(0);
  expect(removed).toBeLessThanOrEqual(stepSamples);
  expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.03);
  expect(steepest(pcm, 0, samples - removed)).toBeLessThan(steepBefore * 1.2);
  expect(pcm[0]).toBeCloseTo(original[0]!, -2);
  expect(pcm.subarray(samples - removed - 400, samples - removed)).toEqual(
    original.subarray(samples - 400),
  );
});

test('noise, of which no piece is like another, is left as it is', () => {
  const random = new SeededRandom(7);
  const pcm = Int16Array.from({ length: samples }, () => random.below(20_000) - 10_000);
  const original = pcm.slice();
  expect(lengthen(pcm, samples)).toBe(0);
  expect(shorten(pcm, 0, samples, stepSamples)).toBe(0);
  expect(pcm).toEqual(original);
});

test('near silence is stretched by 10 ms, whatever is in it', () => {
  const random = new SeededRandom(8);
  const pcm = Int16Array.from({ length: samples }, () => random.below(60) - 30);
  expect(lengthen(pcm, samples - stepSamples)).toBe(stepSamples);
  expect(shorten(pcm, 0, samples, stepSamples)).toBe(stepSamples);
});

test('nothing is left out where less may be left out than a period', () => {
  const pcm = voiced(220, samples);
  expect(shorten(pcm, 0, samples, 200)).toBe(0);
  expect(lengthenHistory).toBeLessThan(samples);
});
