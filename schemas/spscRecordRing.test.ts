import { SeededRandom } from './testing/seededRandom.js';
import { expect, test } from 'vitest';
import { RingHeader } from './ringHeader.js';
import { createRecordRing, SpscRecordRing } from './spscRecordRing.js';

test('gives records of every length back, in order', () => {
  const ring = new SpscRecordRing(createRecordRing(64));
  const out = new Uint8Array(16);
  expect(ring.pop(out)).toBe(-1);
  for (let length = 0; length <= 16; length++) {
    const record = new Uint8Array(16).fill(length + 1);
    expect(ring.push(record, length, 0)).toBe(true);
    expect(ring.pop(out)).toBe(length);
    expect(out.subarray(0, length)).toEqual(record.subarray(0, length));
  }
  expect(ring.pop(out)).toBe(-1);
});

test('refuses and counts what does not fit, and keeps a reserve', () => {
  const ring = new SpscRecordRing(createRecordRing(64));
  const record = new Uint8Array(28);
  expect(ring.push(record, 28, 33)).toBe(false);
  expect(ring.push(record, 28, 32)).toBe(true);
  expect(ring.push(record, 28, 1)).toBe(false);
  expect(ring.push(record, 28, 0)).toBe(true);
  expect(ring.push(record, 0, 0)).toBe(false);
  expect(ring.header.overruns).toBe(3);
});

test('keeps records whole while its indices wrap at 2^32', () => {
  const buffer = createRecordRing(256);
  const header = new RingHeader(buffer);
  header.publish(0xffff_ff00);
  header.release(0xffff_ff00);
  const ring = new SpscRecordRing(buffer);
  const random = new SeededRandom(4);
  const waiting: Uint8Array[] = [];
  const out = new Uint8Array(64);
  for (let turn = 0; turn < 5_000; turn++) {
    const record = random.bytes(random.below(65));
    if (random.chance(0.5) && ring.push(record, record.length, 0)) waiting.push(record);
    if (random.chance(0.5)) {
      const length = ring.pop(out);
      const expected = waiting.shift();
      expect(length).toBe(expected?.length ?? -1);
      if (expected) expect(out.subarray(0, length)).toEqual(expected);
    }
  }
});

test('says so when a reader brings too little room', () => {
  const ring = new SpscRecordRing(createRecordRing(64));
  ring.push(new Uint8Array(8), 8, 0);
  expect(() => ring.pop(new Uint8Array(7))).toThrow(RangeError);
});
