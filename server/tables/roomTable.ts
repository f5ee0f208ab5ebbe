import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * One row a room: where its receiver list lies in the arena. Both columns are written by the main
 * thread as one row, whose version moves with every change of the list.
 *
 * | column     | writer | meaning                                    |
 * |------------|--------|--------------------------------------------|
 * | listOffset | main   | first word of the list in the arena        |
 * | listCount  | main   | receivers: session tokens, one word each   |
 */
export const roomTable = defineTable({
  name: 'rooms',
  columns: {
    listOffset: { type: 'u32', writer: 'main' },
    listCount: { type: 'u32', writer: 'main' },
  },
});

export type RoomTable = ReturnType<typeof roomTable.attach>;
