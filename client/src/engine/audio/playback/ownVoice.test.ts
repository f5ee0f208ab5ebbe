import { expect, test } from 'vitest';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { OwnVoice } from './ownVoice.js';

const [hz, peak, stepSamples] = [220, 0.3, 480];
const steepestOfTone = (peak * 2 * Math.PI * hz) / 48_000;

/** What is heard of a held tone while the microphone runs faster by `ppm`; the left channel. */
function hear(ppm: number, seconds: number): Float32Array {
  const memory = createSampleRing(16_384);
  const ring = new SpscSampleRing(memory);
  // Of a time when nobody listened.
  ring.push(new Float32Array(4_800).fill(1));
  const ownVoice = new OwnVoice(memory);
  const heard = new Float32Array(seconds * 48_000);
  const step = new Float32Array(stepSamples);
  const out = new Float32Array(2 * stepSamples);
  let captured = 0;
  for (let played = 0; played * stepSamples < heard.length; played++) {
    while (captured * stepSamples < played * stepSamples * (1 + ppm * 1e-6)) {
      for (let i = 0; i < stepSamples; i++) {
        step[i] = peak * Math.sin((2 * Math.PI * hz * (captured * stepSamples + i)) / 48_000);
      }
      ring.push(step);
      captured++;
    }
    out.fill(0);
    ownVoice.addTo(out);
    for (let i = 0; i < stepSamples; i++) heard[played * stepSamples + i] = out[2 * i]!;
  }
  expect(ring.header.overruns).toBe(0);
  return heard;
}

test.each([0, 2_000, -2_000])('is heard without a gap or a click at %i ppm', (ppm) => {
  const heard = hear(ppm, 30);
  const begin = heard.findIndex((sample) => sample !== 0);
  let [last, steepest, quiet, quietest] = [0, 0, 0, 0];
  heard.forEach((sample, i) => {
    steepest = Math.max(steepest, Math.abs(sample - last));
    last = sample;
    quiet = i > begin + stepSamples && Math.abs(sample) < 0.01 ? quiet + 1 : 0;
    quietest = Math.max(quietest, quiet);
  });
  expect(steepest).toBeLessThan(1.3 * steepestOfTone);
  expect(quietest).toBeLessThan(30);
  // What was said before is left out.
  expect(begin / 48).toBeLessThan(40);
});

test('is silent where nobody captures, and comes back', () => {
  const memory = createSampleRing(16_384);
  const ring = new SpscSampleRing(memory);
  const ownVoice = new OwnVoice(memory);
  const out = new Float32Array(2 * stepSamples);
  expect(ownVoice.addTo(out)).toBe(false);
  for (const isFirst of [true, false]) {
    for (let i = 0; i < 3; i++) ring.push(new Float32Array(stepSamples).fill(0.1));
    for (let i = 0; i < 3; i++) expect(ownVoice.addTo(out), String(isFirst)).toBe(true);
    expect(ownVoice.addTo(out)).toBe(false);
  }
});
