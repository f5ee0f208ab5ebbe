import { expect, test } from 'vitest';
import { ToneSource } from './toneSource.js';

const stepSamples = 480;
const steepestOf = (hz: number): number => (Math.SQRT2 * 0.1 * 2 * Math.PI * hz) / 48_000;

/** @returns the left channel */
function hear(tone: ToneSource, steps: number): Float32Array {
  const heard = new Float32Array(steps * stepSamples);
  const out = new Float32Array(2 * stepSamples);
  for (let step = 0; step < steps; step++) {
    out.fill(0);
    tone.addTo(out);
    for (let i = 0; i < stepSamples; i++) heard[step * stepSamples + i] = out[2 * i]!;
    expect(out.filter((_value, i) => i % 2 === 1)).toEqual(
      heard.subarray(step * stepSamples, (step + 1) * stepSamples),
    );
  }
  return heard;
}

function steepest(samples: Float32Array): number {
  let [steep, last] = [0, 0];
  for (const sample of samples) {
    steep = Math.max(steep, Math.abs(sample - last));
    last = sample;
  }
  return steep;
}

test('sounds as long as it is asked for, at −20 dBFS, and neither end clicks', () => {
  const tone = new ToneSource();
  expect(tone.addTo(new Float32Array(2 * stepSamples))).toBe(false);
  tone.play(440, 200);
  const heard = hear(tone, 30);
  const middle = heard.subarray(2 * stepSamples, 18 * stepSamples);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  expect(10 * Math.log10(power)).toBeCloseTo(-20, 1);
  expect(heard.subarray(9_600).every((sample) => sample === 0)).toBe(true);
  expect(heard.subarray(9_600 - stepSamples).some((sample) => sample !== 0)).toBe(true);
  expect(steepest(heard)).toBeLessThan(1.1 * steepestOf(440));
  expect(tone.addTo(new Float32Array(2 * stepSamples))).toBe(false);
});

test('gives way to another one without a click', () => {
  const tone = new ToneSource();
  tone.play(300, 1_000);
  const first = hear(tone, 13);
  tone.play(600, 100);
  const heard = Float32Array.from([...first, ...hear(tone, 30)]);
  expect(steepest(heard)).toBeLessThan(1.1 * steepestOf(600));
  const end = heard.findLastIndex((sample) => sample !== 0);
  // The first one fades for 10 ms, the second begins from nothing.
  expect(end / 48).toBeGreaterThan(235);
  expect(end / 48).toBeLessThan(245);
});

test('brings what nobody can hear, or wants to, to its bounds', () => {
  const tone = new ToneSource();
  for (const [hz, ms] of [
    [Number.NaN, 100],
    [440, 0],
    [440, Number.NaN],
  ] as const) {
    tone.play(hz, ms);
    expect(hear(tone, 1).every((sample) => sample === 0)).toBe(true);
  }
  tone.play(1e9, 20);
  expect(steepest(hear(tone, 4))).toBeLessThan(0.3);
});
