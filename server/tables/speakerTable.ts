import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * Speakers of one room that a worker publishes. A higher cap is kept among the speakers that one
 * worker hears, while those of others count as this many at most.
 */
export const publishedSpeakersMax = 32;

/**
 * Who speaks in each room as one worker hears it, a row a room: those of its speakers that are let
 * through. Each worker has a table of its own and reads those of the others.
 *
 * | column  | meaning                                                                    |
 * |---------|----------------------------------------------------------------------------|
 * | count   | how many there are                                                         |
 * | tokens  | by speaker: whose frames they are                                          |
 * | levels  | by speaker: how loud, as `SpeakerCap` compares it                          |
 * | untilMs | by speaker: until when without another frame, relay's clock modulo 2^32    |
 */
export const speakerTable = defineTable({
  name: 'speakers',
  columns: {
    count: { type: 'u32', writer: 'worker' },
    tokens: { type: 'words', length: publishedSpeakersMax, writer: 'worker' },
    levels: { type: 'words', length: publishedSpeakersMax, writer: 'worker' },
    untilMs: { type: 'words', length: publishedSpeakersMax, writer: 'worker' },
  },
});

export type SpeakerTable = ReturnType<typeof speakerTable.attach>;
