import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { align } from './correlate.js';
import { speechLike } from './testing/speechLike.js';

const lagSamplesMax = 96_000;
const source = speechLike(new SeededRandom(1), 4);

function recordingOf(signal: Float32Array, lag: number, seconds: number): Float32Array {
  const recording = new Float32Array(seconds * 48_000);
  for (let i = 0; i < signal.length; i++) {
    if (i + lag >= 0 && i + lag < recording.length) recording[i + lag] = signal[i]!;
  }
  return recording;
}

test.each([0, 1, 11, 12, 4_801, 95_999, -7, -48_001])('finds a lag of %i samples', (lag) => {
  const long = speechLike(new SeededRandom(1), 6);
  const found = align(long, recordingOf(long, lag, 10), { lagSamplesMax });
  expect(found.lagSamples).toBe(lag);
  // What starts before the recording is partly missing from it.
  expect(found.correlation).toBeGreaterThan(lag < -1_000 ? 0.85 : 0.999);
});

test('does not mind loudness', () => {
  const quiet = recordingOf(source, 5_000, 8).map((sample) => sample / 100);
  expect(align(source, quiet, { lagSamplesMax })).toMatchObject({
    lagSamples: 5_000,
    correlation: expect.closeTo(1, 3) as number,
  });
});

test('reports the share of noise in the recording', () => {
  const random = new SeededRandom(2);
  const rms = Math.sqrt(source.reduce((sum, sample) => sum + sample * sample, 0) / source.length);
  const noise = Array.from({ length: 20 }, () => speechLike(random, 8));
  const sum = recordingOf(source, 700, 8);
  const babble = sum.map((_, i) => noise.reduce((total, voice) => total + voice[i]!, 0));
  const babbleRms = Math.sqrt(babble.reduce((t, sample) => t + sample * sample, 0) / babble.length);
  const mixed = sum.map((sample, i) => sample + (babble[i]! * rms) / babbleRms);
  const { lagSamples, correlation } = align(source, mixed, { lagSamplesMax });
  expect(lagSamples).toBe(700);
  // Signal and noise of equal power: 1/√2.
  expect(correlation).toBeGreaterThan(0.6);
  expect(correlation).toBeLessThan(0.8);
});

test('finds little of one voice in another', () => {
  const other = recordingOf(speechLike(new SeededRandom(99), 4), 3_000, 8);
  expect(align(source, other, { lagSamplesMax }).correlation).toBeLessThan(0.4);
});

test('counts what the recording lacks as silence', () => {
  const cut = recordingOf(source, 0, 8);
  cut.fill(0, 96_000);
  const { lagSamples, correlation } = align(source, cut, { lagSamplesMax });
  expect(lagSamples).toBe(0);
  expect(correlation).toBeLessThan(0.9);
  expect(correlation).toBeGreaterThan(0.5);
});

test('gives zero for silence and for nothing', () => {
  const nothing = { lagSamples: 0, correlation: 0 };
  expect(align(source, new Float32Array(48_000), { lagSamplesMax })).toEqual(nothing);
  expect(align(new Float32Array(960), source, { lagSamplesMax })).toEqual(nothing);
  expect(align(new Float32Array(0), source, { lagSamplesMax })).toEqual(nothing);
  expect(align(source, new Float32Array(0), { lagSamplesMax })).toEqual(nothing);
});
