// Thread entry for tests: pushes a known sequence into a ring, in pieces of seeded sizes.
import { workerData } from 'node:worker_threads';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { SpscSampleRing } from '../spscSampleRing.js';

/** What the worker is started with. */
export interface RingProducerData {
  readonly kind: 'samples' | 'records';
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
  readonly seed: number;
}

/** Longest piece: samples of a push, bytes of a record. */
export const pieceMax = 200;

/** The sample at place `index` of the sequence: exact in a float32. */
export function sampleAt(index: number): number {
  return index % 2 ** 24;
}

/** Fills `record` for place `index` of the sequence. */
export function fillRecord(record: Uint8Array, index: number): void {
  for (let i = 0; i < record.length; i++) record[i] = index * 7 + i;
}

if (workerData !== null) produce(workerData as RingProducerData);

function produce({ kind, buffer, count, seed }: RingProducerData): void {
  const random = new SeededRandom(seed);
  if (kind === 'samples') produceSamples(new SpscSampleRing(buffer), count, random);
  else produceRecords(new SpscRecordRing(buffer), count, random);
}

function produceSamples(ring: SpscSampleRing, count: number, random: SeededRandom): void {
  for (let pushed = 0; pushed < count;) {
    const length = Math.min(1 + random.below(pieceMax), count - pushed);
    const piece = Float32Array.from({ length }, (_, i) => sampleAt(pushed + i));
    while (!ring.push(piece)) ring.header.wake();
    ring.header.wake();
    pushed += length;
  }
  ring.header.close();
}

function produceRecords(ring: SpscRecordRing, count: number, random: SeededRandom): void {
  for (let index = 0; index < count; index++) {
    const record = new Uint8Array(random.below(pieceMax + 1));
    fillRecord(record, index);
    while (!ring.push(record, record.length, 0)) ring.header.wake();
    ring.header.wake();
  }
  ring.header.close();
}
