import { defineTable } from '@rookery/schemas/sharedTable';
import type { PlaybackCounters, SpeakerStatistics } from '../../audioState.js';
import { quietestDb } from '../capture/captureTable.js';

/** Rows of `speakerTable`: who speaks when as many are listed is heard all the same. */
export const speakerRowsMax = 1_024;

/** Token of a row that belongs to nobody: sessions count from 1. */
export const noSpeaker = 0;

/** Tries of a reader before it leaves a row out: a writer is done within microseconds. */
const readRetriesMax = 100;
const unitsPerMs = 1_000;
const unitsPerDb = 1_000;

/**
 * A row for everybody who has spoken since he came; the playback thread is the writer. Written 20
 * times a second while somebody is heard, and once more when he falls silent. All counts wrap.
 *
 * | column             | meaning                                                          |
 * |--------------------|------------------------------------------------------------------|
 * | token              | whose row it is; `noSpeaker`: nobody's                           |
 * | isTalking          | 1: sound of his is played                                        |
 * | isWhispering       | 1: he talks, and the last packet was whispered                   |
 * | levelMilliDbfs     | loudness of what he sends, root mean square, before any volume   |
 * | depthUs            | sound that waits in the jitter buffer                            |
 * | jitterUs           | mean change of the packets' delay (RFC 3550 section 6.4.1)       |
 * | delayUs            | from a packet's coming to its sound, mean of the last ones       |
 * | framesPlayed …     | as `JitterCounts` has them                                       |
 * | samplesStretched   | by which sound was made longer and shorter, added up             |
 * | payloadBytes       | Opus that came from him; the thread that hands packets over      |
 */
export const speakerTable = defineTable({
  name: 'speakers',
  columns: {
    token: { type: 'u32', writer: 'playback' },
    isTalking: { type: 'u32', writer: 'playback' },
    isWhispering: { type: 'u32', writer: 'playback' },
    levelMilliDbfs: { type: 'i32', writer: 'playback' },
    depthUs: { type: 'u32', writer: 'playback' },
    jitterUs: { type: 'u32', writer: 'playback' },
    delayUs: { type: 'u32', writer: 'playback' },
    framesPlayed: { type: 'u32', writer: 'playback' },
    framesRecovered: { type: 'u32', writer: 'playback' },
    framesConcealed: { type: 'u32', writer: 'playback' },
    framesLate: { type: 'u32', writer: 'playback' },
    framesDuplicate: { type: 'u32', writer: 'playback' },
    samplesStretched: { type: 'u32', writer: 'playback' },
    payloadBytes: { type: 'u32', writer: 'engine' },
  },
});

/**
 * One row.
 *
 * | column            | meaning                                                                |
 * |-------------------|------------------------------------------------------------------------|
 * | steps             | of 10 ms that were played so far, also without a device; wraps         |
 * | speakersTalking   | whose sound came in the last step, muted ones too                      |
 * | levelMilliDbfs    | loudness of the mix, root mean square                                  |
 * | underruns         | device buffers that found no sound                                     |
 * | lateSteps         | time that passed unplayed because the thread or the device stood still |
 * | ringTargetUs      | sound that is kept ready for the device                                |
 * | ringHeldUs        | what was left of it when the last steps were made, without them        |
 * | hasDevice         | 1: a device plays, 0: a clock                                          |
 * | busyUs            | time spent on all of it, microseconds; wraps                           |
 * | packetsUnknown    | of nobody who was added                                                |
 * | packetsDropped    | because the thread stood still                                         |
 * | speakersUnlisted  | who spoke while `speakerTable` was full                                |
 */
export const playbackTable = defineTable({
  name: 'playback',
  columns: {
    steps: { type: 'u32', writer: 'playback' },
    speakersTalking: { type: 'u32', writer: 'playback' },
    levelMilliDbfs: { type: 'i32', writer: 'playback' },
    underruns: { type: 'u32', writer: 'playback' },
    lateSteps: { type: 'u32', writer: 'playback' },
    ringTargetUs: { type: 'u32', writer: 'playback' },
    ringHeldUs: { type: 'u32', writer: 'playback' },
    hasDevice: { type: 'u32', writer: 'playback' },
    busyUs: { type: 'u32', writer: 'playback' },
    packetsUnknown: { type: 'u32', writer: 'playback' },
    packetsDropped: { type: 'u32', writer: 'engine' },
    speakersUnlisted: { type: 'u32', writer: 'engine' },
  },
});

export type SpeakerTable = ReturnType<typeof speakerTable.attach>;
export type PlaybackTable = ReturnType<typeof playbackTable.attach>;

/** What came of everybody who has spoken, by token. Any thread; allocates. */
export function readSpeakers(table: SpeakerTable): Map<number, SpeakerStatistics> {
  const speakers = new Map<number, SpeakerStatistics>();
  const { columns } = table;
  for (let row = 0; row < table.rows; row++) {
    if (columns.token.load(row) === noSpeaker) continue;
    let [token, statistics] = [noSpeaker, nothingHeard];
    const read = (): void => {
      token = columns.token.load(row);
      statistics = statisticsOf(table, row);
    };
    const isWhole = table.groups.playback.readRow(row, read, readRetriesMax);
    if (isWhole && token !== noSpeaker) speakers.set(token, statistics);
  }
  return speakers;
}

/** What the playback thread has done so far. Any thread; allocates. */
export function readPlayback(table: PlaybackTable): PlaybackCounters & { outputRmsDbfs: number } {
  const { columns } = table;
  return {
    steps: columns.steps.load(0),
    underruns: columns.underruns.load(0),
    lateSteps: columns.lateSteps.load(0),
    outputRmsDbfs: columns.levelMilliDbfs.load(0) / unitsPerDb,
  };
}

/** @param power mean square, 1 being full scale. @returns thousandths of a dB of full scale */
export function milliDbfs(power: number): number {
  return Math.round(Math.max(quietestDb, 10 * Math.log10(power)) * unitsPerDb);
}

const nothingHeard: SpeakerStatistics = {
  isTalking: false,
  isWhispering: false,
  levelDbfs: quietestDb,
  depthMs: 0,
  jitterMs: 0,
  delayMs: 0,
  framesPlayed: 0,
  framesRecovered: 0,
  framesConcealed: 0,
  framesLate: 0,
  framesDuplicate: 0,
  samplesStretched: 0,
  payloadBytes: 0,
};

function statisticsOf({ columns }: SpeakerTable, row: number): SpeakerStatistics {
  return {
    isTalking: columns.isTalking.load(row) === 1,
    isWhispering: columns.isWhispering.load(row) === 1,
    levelDbfs: columns.levelMilliDbfs.load(row) / unitsPerDb,
    depthMs: columns.depthUs.load(row) / unitsPerMs,
    jitterMs: columns.jitterUs.load(row) / unitsPerMs,
    delayMs: columns.delayUs.load(row) / unitsPerMs,
    framesPlayed: columns.framesPlayed.load(row),
    framesRecovered: columns.framesRecovered.load(row),
    framesConcealed: columns.framesConcealed.load(row),
    framesLate: columns.framesLate.load(row),
    framesDuplicate: columns.framesDuplicate.load(row),
    samplesStretched: columns.samplesStretched.load(row),
    payloadBytes: columns.payloadBytes.load(row),
  };
}
