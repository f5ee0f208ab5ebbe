import { pluginLimits } from '@rookery/plugins/limits';
import { defineTable, type SharedTableMemory } from '@rookery/schemas/sharedTable';
import { createSampleRing } from '../spscSampleRing.js';

/**
 * One row: how a plugin and the thread whose sound it changes get on. An exchange is what goes to
 * the plugin at once: the parts of a frame, or all speakers of a step.
 *
 * | column      | meaning                                                                   |
 * |-------------|---------------------------------------------------------------------------|
 * | parts       | pieces of sound of the exchange that was begun last                       |
 * | samples     | in each of them                                                           |
 * | asked       | exchanges begun, modulo 2^32                                              |
 * | late        | exchanges whose sound went on unchanged, because they were not in time    |
 * | trapped     | the same because the plugin broke down in them                            |
 * | switchedOff | 0; `late` or `trapped` of `switchedOffBy` once there were too many        |
 * | done        | exchanges that the plugin's thread ended, modulo 2^32                     |
 * | traps       | those of them in which the plugin broke down                              |
 * | keyEdges    | of each key how often it went down or up, modulo 2^32: odd while it is down |
 */
export const soundPluginTable = defineTable({
  name: 'soundPlugin',
  columns: {
    parts: { type: 'u32', writer: 'sound' },
    samples: { type: 'u32', writer: 'sound' },
    asked: { type: 'u32', writer: 'sound' },
    late: { type: 'u32', writer: 'sound' },
    trapped: { type: 'u32', writer: 'sound' },
    switchedOff: { type: 'u32', writer: 'sound' },
    done: { type: 'u32', writer: 'plugin' },
    traps: { type: 'u32', writer: 'plugin' },
    keyEdges: { type: 'words', length: pluginLimits.keysMax, writer: 'main' },
  },
});

/** The row as any thread sees it. */
export type SoundPluginTable = ReturnType<typeof soundPluginTable.attach>;

/** What `switchedOff` says. */
export const switchedOffBy = { late: 1, trapped: 2 } as const;

/** What the two threads share; may be posted to a worker. */
export interface SoundPluginMemory {
  /** `SpscSampleRing`: for each part the number of its slot, then its samples. */
  readonly there: SharedArrayBuffer;
  /** `SpscSampleRing`: the samples of each part. */
  readonly back: SharedArrayBuffer;
  /** `soundPluginTable`, 1 row. */
  readonly table: SharedTableMemory;
  /** How long sound waits for the plugin at most. */
  readonly deadlineMs: number;
}

/** Room for 16 speakers' 10 ms and more than a frame of 60 ms. */
const ringSamples = 16_384;

export function createSoundPluginMemory(deadlineMs: number): SoundPluginMemory {
  return {
    deadlineMs,
    there: createSampleRing(ringSamples),
    back: createSampleRing(ringSamples),
    table: soundPluginTable.allocate(1).memory,
  };
}
