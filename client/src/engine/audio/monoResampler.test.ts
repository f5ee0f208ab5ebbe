import { describe, expect, test } from 'vitest';
import { mixToMono, MonoResampler } from './monoResampler.js';

const rates = [1_000, 8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000];

const sine = (hz: number, rate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));

async function resample(signal: Float32Array, rate: number, piece: number): Promise<Float32Array> {
  const resampler = await MonoResampler.open(rate);
  const pieces: Float32Array[] = [];
  for (let at = 0; at < signal.length; at += piece) {
    pieces.push(resampler.push(signal.subarray(at, at + piece)));
  }
  pieces.push(resampler.flush());
  resampler.close();
  return Float32Array.from(pieces.flatMap((samples) => [...samples]));
}

describe.each(rates)('from %i Hz', (rate) => {
  test('keeps a tone: frequency, level, phase and length', async () => {
    const hz = rate / 10;
    const signal = sine(hz, rate, rate);
    const resampled = await resample(signal, rate, 4_800);
    expect(resampled.length).toBe(48_000);
    if (hz > 20_000) return;
    const expected = sine(hz, 48_000, 48_000);
    // The filter rings where the tone starts and stops.
    const edge = Math.ceil(200 * Math.max(1, 48_000 / rate));
    const error = expected
      .subarray(edge, -edge)
      .reduce((worst, sample, i) => Math.max(worst, Math.abs(sample - resampled[i + edge]!)), 0);
    expect(error).toBeLessThan(0.001);
  });

  test('gives the same whatever the pieces', async () => {
    const signal = sine(rate / 7, rate, Math.round(rate * 0.31));
    const whole = await resample(signal, rate, 10_000);
    expect(whole.length).toBe(Math.round((signal.length * 48_000) / rate));
    expect(await resample(signal, rate, 777)).toEqual(whole);
  });
});

test('removes what 48 kHz cannot hold', async () => {
  const resampled = await resample(sine(40_000, 96_000, 96_000), 96_000, 9_600);
  const loudest = resampled.subarray(500, -500).reduce((m, s) => Math.max(m, Math.abs(s)), 0);
  expect(loudest).toBeLessThan(0.0001);
});

test('gives nothing for nothing', async () => {
  expect(await resample(new Float32Array(0), 44_100, 960)).toEqual(new Float32Array(0));
});

test('mixes channels to their mean', () => {
  const stereo = Float32Array.of(1, 0, 0.5, -0.5, 0.25, 0.75);
  expect([...mixToMono(stereo, 2, 0, 3)]).toEqual([0.5, 0, 0.5]);
  expect([...mixToMono(stereo, 2, 1, 1)]).toEqual([0]);
  expect([...mixToMono(stereo, 3, 1, 9)]).toEqual([expect.closeTo(0.1667, 4)]);
  expect([...mixToMono(stereo, 2, 3, 1)]).toEqual([]);
});
