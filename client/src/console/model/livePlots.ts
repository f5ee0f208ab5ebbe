import type { SampleField } from './liveHistory.js';

/** Figures in one picture, on one scale. Its words are those of its id and of its fields. */
export interface LivePlot {
  readonly id: string;
  readonly fields: readonly SampleField[];
  readonly unit: string;
  /** What its scale shows at least, so that nothing much looks like nothing much. */
  readonly topMin: number;
}

/** In the order in which they stand. */
export const livePlots = [
  { id: 'people', fields: ['sessions', 'speakers'], unit: '', topMin: 5 },
  { id: 'frames', fields: ['framesOut', 'framesIn'], unit: '/s', topMin: 100 },
  {
    ...{ id: 'packets', fields: ['packetsOut', 'packetsIn', 'quicOut'] },
    ...{ unit: '/s', topMin: 100 },
  },
  { id: 'drops', fields: ['drops'], unit: '/s', topMin: 5 },
  { id: 'relay', fields: ['relayP99Ms', 'relayP50Ms'], unit: 'ms', topMin: 2 },
  { id: 'cpu', fields: ['cpuPct', 'mainPct', 'relayPct'], unit: '%', topMin: 20 },
  { id: 'memory', fields: ['rssMiB', 'heapMiB'], unit: 'MiB', topMin: 100 },
  { id: 'loop', fields: ['loopMaxMs', 'loopMeanMs'], unit: 'ms', topMin: 10 },
] as const satisfies readonly LivePlot[];
