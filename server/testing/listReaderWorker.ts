import { parentPort, workerData } from 'node:worker_threads';
import type { ReceiverListsMemory } from '../tables/receiverLists.js';
import { ReceiverListReader } from '../tables/receiverLists.js';

export interface ListReaderSetup {
  readonly memory: ReceiverListsMemory;
  readonly words: number;
  readonly rooms: number;
  /** Lists to read before it reports. */
  readonly reads: number;
}

export interface ListReaderReport {
  readonly broken: string[];
  /** Lists that differed from the one read before in the same room. */
  readonly changes: number;
}

parentPort!.postMessage(readLists(workerData as ListReaderSetup));

/** A whole list is: length, then the room, then `length` − 2 times the same number. */
function readLists(setup: ListReaderSetup): ListReaderReport {
  const reader = new ReceiverListReader(setup.memory, setup.words, 1_000);
  const last = new Array<number>(setup.rooms).fill(0);
  const broken: string[] = [];
  let changes = 0;
  for (let reads = 0; reads < setup.reads;) {
    for (let room = 0; room < setup.rooms; room++) {
      const list = reader.read(room);
      if (list === null) continue;
      reads++;
      const isWhole =
        list[0] === list.length && list[1] === room && list.every((n, i) => i < 2 || n === list[2]);
      if (!isWhole) broken.push(`room ${room}: ${list.join(' ')}`);
      if (list[2] !== last[room]) changes++;
      last[room] = list[2]!;
    }
  }
  return { broken: broken.slice(0, 3), changes };
}
