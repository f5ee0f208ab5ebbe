import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * One row a whisper list, whose id is the row's number and 1. Who hears it stands in lists of its
 * own, in the row of the same number. Written by the main thread.
 *
 * | column | meaning                                              |
 * |--------|------------------------------------------------------|
 * | owner  | token of the session that may use it; 0 = no list    |
 */
export const whisperTable = defineTable({
  name: 'whispers',
  columns: {
    owner: { type: 'u32', writer: 'main' },
  },
});

export type WhisperTable = ReturnType<typeof whisperTable.attach>;
