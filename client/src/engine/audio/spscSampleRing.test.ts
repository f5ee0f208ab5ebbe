import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { RingHeader } from '@rookery/schemas/ringHeader';
import { createSampleRing, SpscSampleRing } from './spscSampleRing.js';

const samplesOf = (...values: number[]): Float32Array => Float32Array.from(values);

test('gives samples back in order, whole or not at all', () => {
  const ring = new SpscSampleRing(createSampleRing(8));
  const out = new Float32Array(2);
  expect(ring.pop(out)).toBe(false);
  expect(ring.push(samplesOf(1, 2, 3))).toBe(true);
  expect(ring.pop(out)).toBe(true);
  expect(out).toEqual(samplesOf(1, 2));
  expect(ring.pop(out)).toBe(false);
  expect(out).toEqual(samplesOf(1, 2));
  expect(ring.header.used).toBe(1);
});

test('takes and gives a part from the front where one is asked for', () => {
  const ring = new SpscSampleRing(createSampleRing(8));
  const out = samplesOf(9, 9, 9);
  expect(ring.push(samplesOf(1, 2, 3), 2)).toBe(true);
  expect(ring.header.used).toBe(2);
  expect(ring.pop(out, 2)).toBe(true);
  expect(out).toEqual(samplesOf(1, 2, 9));
  expect(ring.pop(out, 1)).toBe(false);
});

test('refuses and counts what does not fit, and uses every slot', () => {
  const ring = new SpscSampleRing(createSampleRing(8));
  expect(ring.push(new Float32Array(8).fill(1))).toBe(true);
  expect(ring.free).toBe(0);
  expect(ring.push(samplesOf(2))).toBe(false);
  expect(ring.header.overruns).toBe(1);
  expect(ring.pop(new Float32Array(1))).toBe(true);
  expect(ring.push(samplesOf(2))).toBe(true);
});

test('keeps order while its indices wrap at 2^32', () => {
  const buffer = createSampleRing(16);
  const header = new RingHeader(buffer);
  header.publish(0xffff_fff0);
  header.release(0xffff_fff0);
  const ring = new SpscSampleRing(buffer);
  const random = new SeededRandom(3);
  let pushed = 0;
  let popped = 0;
  for (let turn = 0; turn < 1_000; turn++) {
    const chunk = Float32Array.from({ length: random.below(9) }, (_, i) => pushed + i);
    if (ring.push(chunk)) pushed += chunk.length;
    const out = new Float32Array(random.below(9));
    if (!ring.pop(out)) continue;
    expect(out).toEqual(Float32Array.from(out, (_, i) => popped + i));
    popped += out.length;
  }
  expect(popped).toBeGreaterThan(1_000);
});
