import { Worker } from 'node:worker_threads';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { createSampleRing, SpscSampleRing } from './spscSampleRing.js';
import {
  fillRecord,
  pieceMax,
  sampleAt,
  type RingProducerData,
} from './testing/ringProducerWorker.js';
import { workerExit } from './workerExit.js';

function startProducer(workerData: RingProducerData): Promise<void> {
  const entry = new URL('./testing/ringProducerWorker.js', import.meta.url);
  return workerExit(new Worker(entry, { workerData }), 'producing');
}

test('no sample is lost, doubled or moved between threads that block', async () => {
  const buffer = createSampleRing(1_024);
  const count = 2_000_000;
  const producer = startProducer({ kind: 'samples', buffer, count, seed: 11 });
  const ring = new SpscSampleRing(buffer);
  const random = new SeededRandom(12);
  let popped = 0;
  while (popped < count) {
    const out = new Float32Array(Math.min(1 + random.below(pieceMax), count - popped));
    for (;;) {
      const signal = ring.header.signal;
      if (ring.pop(out)) break;
      ring.header.sleep(signal, Infinity);
    }
    for (const sample of out) {
      if (sample !== sampleAt(popped)) throw new Error(`sample ${popped} is ${sample}`);
      popped++;
    }
  }
  expect(ring.header.used).toBe(0);
  await producer;
});

test('no record is lost, torn or moved on its way to an event loop', async () => {
  const buffer = createRecordRing(4_096);
  const count = 100_000;
  const producer = startProducer({ kind: 'records', buffer, count, seed: 13 });
  const ring = new SpscRecordRing(buffer);
  const lengths = new SeededRandom(13);
  const out = new Uint8Array(pieceMax);
  let popped = 0;
  for (;;) {
    const signal = ring.header.signal;
    const isClosed = ring.header.closed;
    const length = ring.pop(out);
    if (length >= 0) {
      const expected = new Uint8Array(lengths.below(pieceMax + 1));
      fillRecord(expected, popped);
      if (Buffer.compare(out.subarray(0, length), expected) !== 0) {
        throw new Error(`record ${popped} is damaged`);
      }
      popped++;
    } else if (isClosed) break;
    else await ring.header.sleepAsync(signal);
  }
  expect(popped).toBe(count);
  await producer;
});

test('a ring that is closed wakes who sleeps on it', async () => {
  const ring = new SpscRecordRing(createRecordRing(64));
  const asleep = ring.header.sleepAsync(ring.header.signal);
  ring.header.close();
  await asleep;
  expect(ring.header.closed).toBe(true);
});
