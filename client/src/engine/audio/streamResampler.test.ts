import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { StreamResampler } from './streamResampler.js';

/** Gives `signal` to a resampler in pieces of random length. */
function resample(
  signal: Float32Array,
  [fromRate, toRate, channels]: readonly [number, number, number],
  seed: number,
): Float32Array {
  const random = new SeededRandom(seed);
  const pieceMax = 700;
  const resampler = new StreamResampler(fromRate, toRate, channels, pieceMax);
  const out = new Float32Array(resampler.outputFramesMax * channels);
  const pieces: number[] = [];
  const frames = signal.length / channels;
  for (let at = 0; at < frames;) {
    const piece = Math.min(random.below(pieceMax + 1), frames - at);
    const given = resampler.process(signal.subarray(at * channels), piece, out);
    expect(given, `seed ${seed}`).toBeLessThanOrEqual(resampler.outputFramesMax);
    for (let i = 0; i < given * channels; i++) pieces.push(out[i]!);
    at += piece;
  }
  return Float32Array.from(pieces);
}

const sine = (hz: number, rate: number, frames: number): Float32Array =>
  Float32Array.from({ length: frames }, (_value, i) => Math.sin((2 * Math.PI * hz * i) / rate));

/** Of what the filter has settled on, against what should be there. */
function errorDb(heard: Float32Array, wanted: Float32Array): number {
  let [error, power] = [0, 0];
  for (let i = 400; i < heard.length; i++) {
    error += (heard[i]! - wanted[i]!) ** 2;
    power += wanted[i]! ** 2;
  }
  return 10 * Math.log10(error / power);
}

const rates = [8_000, 11_025, 16_000, 22_050, 44_100, 88_200, 96_000, 192_000, 44_117] as const;
const ways = rates.flatMap((rate) => [[rate, 48_000] as const, [48_000, rate] as const]);

test.each(ways)('a tone comes from %i to %i Hz as it is, at its place', (from, to) => {
  for (const hz of [50, 1_000, 0.4 * Math.min(from, to)]) {
    const heard = resample(sine(hz, from, from / 4), [from, to, 1], 1);
    const wanted = sine(hz, to, heard.length);
    expect(errorDb(heard, wanted), `${hz} Hz`).toBeLessThan(-70);
  }
});

test.each(ways)('from %i to %i Hz nothing is lost but what is under way', (from, to) => {
  const frames = from / 4;
  const { delayFrames } = new StreamResampler(from, to, 1, 1);
  const heard = resample(new Float32Array(frames), [from, to, 1], 2);
  const expected = ((frames - delayFrames) * to) / from;
  expect(Math.abs(heard.length - expected)).toBeLessThanOrEqual(1);
});

test.each([
  [96_000, 48_000, 30_000],
  [48_000, 16_000, 9_000],
  [192_000, 44_100, 60_000],
])('what %i Hz can say and %i Hz cannot is not heard', (from, to, hz) => {
  const heard = resample(sine(hz, from, from / 4), [from, to, 1], 3).subarray(400);
  const peak = heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(20 * Math.log10(peak)).toBeLessThan(-70);
});

test('channels do not mix, and come at one time', () => {
  const frames = 12_000;
  const [left, right] = [sine(440, 48_000, frames), sine(1_000, 48_000, frames)];
  const both = new Float32Array(2 * frames);
  left.forEach((sample, i) => (both[2 * i] = sample));
  right.forEach((sample, i) => (both[2 * i + 1] = sample));
  const heard = resample(both, [48_000, 44_100, 2], 4);
  expect(heard.filter((_value, i) => i % 2 === 0)).toEqual(resample(left, [48_000, 44_100, 1], 4));
  expect(heard.filter((_value, i) => i % 2 === 1)).toEqual(resample(right, [48_000, 44_100, 1], 4));
});

test('equal rates are copied, without delay', () => {
  const signal = sine(440, 48_000, 5_000);
  expect(resample(signal, [48_000, 48_000, 1], 5)).toEqual(signal);
  expect(new StreamResampler(48_000, 48_000, 1, 480).delayFrames).toBe(0);
});
