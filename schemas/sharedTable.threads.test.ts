import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { tornRowTable } from './testing/tornRowTable.js';

/** Enough that a reader without the version meets a half-written row many times. */
const distinctRowsSeen = 2_000;

test('never lets a reader see a row half written', async () => {
  const { columns, groups, memory } = tornRowTable.allocate(1);
  const worker = new Worker(new URL('./testing/tornRowWorker.js', import.meta.url), {
    workerData: memory,
  });
  const exited = once(worker, 'exit');
  const seen = new Uint32Array(columns.words.length);
  const copy = (row: number): void => {
    for (let i = 0; i < seen.length; i++) seen[i] = columns.words.load(row, i);
  };
  let rowsSeen = 0;
  let torn = 0;
  let last = 0;
  await once(worker, 'online');
  while (rowsSeen < distinctRowsSeen) {
    if (!groups.writer.readRow(0, copy, 100)) continue;
    if (seen.some((word) => word !== seen[0])) torn++;
    if (seen[0] !== last) rowsSeen++;
    last = seen[0]!;
  }
  columns.isStopped.store(0, 1);
  expect(await exited).toEqual([0]);
  expect(torn).toBe(0);
});
