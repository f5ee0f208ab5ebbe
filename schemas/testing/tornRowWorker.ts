import { workerData } from 'node:worker_threads';
import type { SharedTableMemory } from '../sharedTable.js';
import { tornRowTable } from './tornRowTable.js';

writeUntilStopped(workerData as SharedTableMemory);

/** Writes row 0 again and again, all words the same number, with pauses of changing length. */
function writeUntilStopped(memory: SharedTableMemory): void {
  const { columns, groups } = tornRowTable.attach(memory);
  for (let value = 1; columns.isStopped.load(0) === 0; value++) {
    groups.writer.writeRow(0, (row) => {
      for (let i = 0; i < columns.words.length; i++) columns.words.store(row, i, value);
    });
    // Without a pause a row is nearly always being written, and no reader gets it whole.
    for (let pause = value & 0x3ff; pause > 0; pause--) columns.isStopped.load(0);
  }
}
