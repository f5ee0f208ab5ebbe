import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { ListReaderReport, ListReaderSetup } from '../testing/listReaderWorker.js';
import { arenaWords, ReceiverListWriter } from './receiverLists.js';

test('never lets a thread read half a list, nor a region given to another room', async () => {
  const seed = 61;
  const random = new SeededRandom(seed);
  const rooms = 4;
  const listMax = 60;
  const sessionsMax = rooms * listMax;
  const writer = new ReceiverListWriter(sessionsMax, rooms);
  const list = new Uint32Array(listMax);
  const publish = (room: number): void => {
    const count = 3 + random.below(listMax - 3);
    list.fill(random.nextUint32());
    list[0] = count;
    list[1] = room;
    writer.publish(room, list, count);
  };
  for (let room = 0; room < rooms; room++) publish(room);

  const setup: ListReaderSetup = {
    memory: writer.memory,
    words: arenaWords(sessionsMax, rooms),
    rooms,
    reads: 100_000,
  };
  const worker = new Worker(new URL('../testing/listReaderWorker.js', import.meta.url), {
    workerData: setup,
  });
  const report = await new Promise<ListReaderReport>((resolve, reject) => {
    let isReported = false;
    worker.once('message', (message: ListReaderReport) => {
      isReported = true;
      resolve(message);
    });
    worker.once('error', reject);
    const publishSome = (): void => {
      for (let i = 0; i < 500; i++) publish(random.below(rooms));
      if (!isReported) setImmediate(publishSome);
    };
    publishSome();
  });
  expect(report.broken, `seed ${seed}`).toEqual([]);
  expect(report.changes).toBeGreaterThan(0);
});
