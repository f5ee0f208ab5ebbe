import { defineTable } from '@rookery/schemas/sharedTable';

/** Changes that a worker's log holds. Who reads it does so at each packet, so they are plenty. */
export const addressLogLength = 1_024;

/**
 * One row a relay worker.
 *
 * | column         | writer | meaning                                                            |
 * |----------------|--------|--------------------------------------------------------------------|
 * | stop           | main   | 1 once the worker is to end                                        |
 * | addressChanges | worker | changes of sessions' addresses in its pathTable, modulo 2^32; what |
 * |                |        | was told at once about all sessions counts as `addressLogLength`   |
 * | addressLog     | worker | by change, modulo `addressLogLength`: slot of the session          |
 * | packetAtMs     | worker | when a packet last came to it, odd, modulo 2^32; 0 = never         |
 * | busyAtMs       | worker | the same of when it last had much to do                            |
 * | polledAtMs     | worker | the same of when it last looked for frames of other workers        |
 * | busyUs         | worker | time that it was at work, microseconds modulo 2^32                 |
 *
 * A change is written into the path table, then into the log, then counted. A reader takes the
 * count, then what the log holds behind the count that it knew, then looks at the count again:
 * where it has moved by `addressLogLength` or more, any address may have changed.
 */
export const workerTable = defineTable({
  name: 'workers',
  columns: {
    stop: { type: 'u32', writer: 'main' },
    addressChanges: { type: 'u32', writer: 'worker' },
    packetAtMs: { type: 'i32', writer: 'worker' },
    busyAtMs: { type: 'i32', writer: 'worker' },
    polledAtMs: { type: 'i32', writer: 'worker' },
    addressLog: { type: 'words', length: addressLogLength, writer: 'worker' },
    busyUs: { type: 'u32', writer: 'worker' },
  },
  rowGapBytes: 64,
});

export type WorkerTable = ReturnType<typeof workerTable.attach>;
