import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { PeakLimiter } from './peakLimiter.js';
import { throughSteps } from './testing/recordedSpeech.js';

const ceiling = 10 ** (-1 / 20);
const delaySamples = 71;
const loudest = (signal: Float32Array): number =>
  signal.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

test.each([1, 2, 3])('nothing ever exceeds the ceiling, whatever comes: seed %i', (seed) => {
  const random = new SeededRandom(seed);
  let loudness = 0.1;
  const signal = Float32Array.from({ length: 480 * 400 }, (_sample, i) => {
    if (i % 97 === 0) loudness = 10 ** (random.below(60) / 20 - 1.5);
    return loudness * (random.nextUint32() / 2 ** 31 - 1);
  });
  const limiter = new PeakLimiter();
  const limited = throughSteps(signal, (step) => limiter.process(step));
  expect(loudest(signal)).toBeGreaterThan(10);
  expect(loudest(limited), `seed ${seed}`).toBeLessThanOrEqual(ceiling + 1e-6);
});

test('what is below the ceiling comes out as it is, 1.5 ms later', () => {
  const signal = Float32Array.from({ length: 4_800 }, (_s, i) => 0.85 * Math.sin(i / 20));
  const limiter = new PeakLimiter();
  const limited = throughSteps(signal, (step) => limiter.process(step));
  const error = limited.subarray(delaySamples).map((sample, i) => sample - signal[i]!);
  expect(loudest(error)).toBeLessThan(1e-6);
});

test('a peak turns down what is around it smoothly, and for no longer than needed', () => {
  const signal = Float32Array.from({ length: 48_000 }, (_s, i) => 0.3 * Math.sin(i / 20));
  signal[9_600] = 3;
  const limiter = new PeakLimiter();
  const limited = throughSteps(signal, (step) => limiter.process(step));
  const gains = Array.from({ length: 40_000 }, (_g, i) =>
    Math.abs(signal[i]!) < 0.05 || i === 9_600 ? NaN : limited[i + delaySamples]! / signal[i]!,
  ).filter((gain) => !Number.isNaN(gain));
  const changes = gains.slice(1).map((gain, i) => Math.abs(gain - gains[i]!));
  expect(Math.min(...gains)).toBeLessThan(0.35);
  expect(Math.max(...changes)).toBeLessThan(0.2);
  expect(gains.at(-1)).toBeCloseTo(1, 3);
});
