import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * One row: that the main thread runs, for the watchdog.
 *
 * | column | meaning                                                |
 * |--------|--------------------------------------------------------|
 * | beats  | counts up while the event loop turns, modulo 2^32      |
 */
export const heartbeatTable = defineTable({
  name: 'heartbeat',
  columns: { beats: { type: 'u32', writer: 'main' } },
});
