import { defineTable } from '@rookery/schemas/sharedTable';

/** `bundleWindowUs` of a room that has none of its own. */
export const defaultBundleWindow = -1;

/**
 * One row a room: how its voice is relayed. Written by the main thread.
 *
 * | column           | meaning                                                            |
 * |------------------|--------------------------------------------------------------------|
 * | speakersMax      | how many may be heard at a time, the loudest of them; 0 = all      |
 * | bundleWindowUs   | longest wait of a frame for others, µs, or `defaultBundleWindow`   |
 * | packetsPerSecond | what each sender may send, as `voiceBudget` has it from the room's |
 * | packetsBurst     | bitrate and frames: packets a second, and how many at once         |
 * | bytesPerSecond   | the same in bytes                                                  |
 * | bytesBurst       |                                                                    |
 * | list             | row of `receiverLists.ts` that says who hears it: rooms that are   |
 * |                  | heard together share one, the others have that of their own index  |
 */
export const roomTable = defineTable({
  name: 'rooms',
  columns: {
    speakersMax: { type: 'u32', writer: 'main' },
    bundleWindowUs: { type: 'i32', writer: 'main' },
    packetsPerSecond: { type: 'u32', writer: 'main' },
    packetsBurst: { type: 'u32', writer: 'main' },
    bytesPerSecond: { type: 'u32', writer: 'main' },
    bytesBurst: { type: 'u32', writer: 'main' },
    list: { type: 'u32', writer: 'main' },
  },
});

export type RoomTable = ReturnType<typeof roomTable.attach>;
