import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * One row a relay worker.
 *
 * | column         | writer | meaning                                                           |
 * |----------------|--------|-------------------------------------------------------------------|
 * | stop           | main   | 1 once the worker is to end                                       |
 * | addressChanges | worker | moves after each change of a session's address in its pathTable   |
 */
export const workerTable = defineTable({
  name: 'workers',
  columns: {
    stop: { type: 'u32', writer: 'main' },
    addressChanges: { type: 'u32', writer: 'worker' },
  },
  rowGapBytes: 64,
});

export type WorkerTable = ReturnType<typeof workerTable.attach>;
