import { describe, expect, test } from 'vitest';
import { CounterTotals, counterTable, delayBucketOf, delayBuckets } from './counterTable.js';

describe('totals', () => {
  test('sum the rows of all workers', () => {
    const totals = new CounterTotals(3);
    const { columns } = counterTable.attach(totals.memory);
    columns.packetsIn.add(0, 5);
    columns.packetsIn.add(2, 7);
    columns.dropRace.add(1, 1);
    const read = totals.read();
    expect(read.packetsIn).toBe(12);
    expect(read.dropRace).toBe(1);
    expect(read.packetsOut).toBe(0);
  });

  test('count each packet once, however often they are read', () => {
    const totals = new CounterTotals(1);
    const { columns } = counterTable.attach(totals.memory);
    columns.pongs.add(0, 2);
    totals.read();
    totals.read();
    columns.pongs.add(0, 1);
    expect(totals.read().pongs).toBe(3);
  });

  test('go on beyond 2^32 when a counter wraps', () => {
    const totals = new CounterTotals(1);
    const { columns } = counterTable.attach(totals.memory);
    columns.bytesOut.add(0, 0xffff_fff0);
    expect(totals.read().bytesOut).toBe(0xffff_fff0);
    columns.bytesOut.add(0, 0x20);
    expect(columns.bytesOut.load(0)).toBe(0x10);
    expect(totals.read().bytesOut).toBe(0x1_0000_0010);
  });

  test('already given stay as they were', () => {
    const totals = new CounterTotals(1);
    const before = totals.read();
    counterTable.attach(totals.memory).columns.packetsIn.add(0, 1);
    totals.read();
    expect(before.packetsIn).toBe(0);
  });
});

describe('histograms', () => {
  test('sum the rows of all workers, by bucket', () => {
    const totals = new CounterTotals(2);
    const { columns } = counterTable.attach(totals.memory);
    columns.framesPerFlush.add(0, 3, 2);
    columns.framesPerFlush.add(1, 3, 5);
    columns.framesPerFlush.add(1, 32, 1);
    const { framesPerFlush, relayDelay } = totals.readHistograms();
    expect(framesPerFlush.flatMap((count, bucket) => (count > 0 ? [[bucket, count]] : []))).toEqual(
      [
        [3, 7],
        [32, 1],
      ],
    );
    expect(relayDelay).toEqual(new Array(delayBuckets).fill(0));
  });

  test.each([
    [0, 0],
    [0.9, 0],
    [1, 1],
    [1.9, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [1_023, 10],
    [1_024, 11],
    [4_194_303, 22],
    [4_194_304, 23],
    [1e9, 23],
  ])('put a delay of %d µs into bucket %i', (delayUs, bucket) => {
    expect(delayBucketOf(delayUs)).toBe(bucket);
  });
});
