import { defineTable } from '../sharedTable.js';

/** A row wide enough that a reader without the row's version sees it half written. */
export const tornRowTable = defineTable({
  name: 'tornRow',
  columns: {
    words: { type: 'words', length: 64, writer: 'writer' },
    isStopped: { type: 'i32', writer: 'reader' },
  },
});
