import { atMost, formatTable, formatVerdicts, type Verdict } from '../verdicts.js';
import type { AllocationReport, WorkCost } from './audioMessages.js';

/** What was measured, and what was not: null. */
export interface AudioFigures {
  /** By stage; the last one is all of them. */
  readonly capture: readonly WorkCost[];
  /** As it runs in its thread. */
  readonly captureThread: WorkCost;
  readonly codec: readonly WorkCost[];
  readonly mix: readonly WorkCost[];
  /** With `targetSpeakers`. */
  readonly playbackThread: WorkCost;
  readonly captureAllocations: AllocationReport;
  readonly playAllocations: AllocationReport;
}

/** So many who speak at once have a target. */
export const targetSpeakers = 20;

const [capturePercentMax, mixPercentMax] = [15, 25];
/** Of the smallest object: what allocates less in a step makes none in most of them. */
const objectBytes = 16;

/** All of it as Markdown: what was asked first, then what each part costs. */
export function audioReport(figures: AudioFigures): string {
  return [
    formatVerdicts(audioVerdicts(figures)),
    costTable('capture, each 10 ms', [...figures.capture, figures.captureThread]),
    costTable('one stream, each 20 ms', figures.codec),
    costTable('playing, each 10 ms', [...figures.mix, figures.playbackThread]),
  ].join('\n\n');
}

/** Pure. */
export function audioVerdicts(figures: AudioFigures): Verdict[] {
  const { captureThread, playbackThread, captureAllocations, playAllocations } = figures;
  return [
    {
      load: 'capture, all stages on',
      target: `≤ ${capturePercentMax} % of a core`,
      figure: percentText(captureThread.percent),
      isMet: atMost(captureThread.percent, capturePercentMax),
    },
    {
      load: `${targetSpeakers} speak at once`,
      target: `≤ ${mixPercentMax} % of a core`,
      figure: percentText(playbackThread.percent),
      isMet: atMost(playbackThread.percent, mixPercentMax),
    },
    allocationVerdict('10 ms from capture to packet', captureAllocations),
    allocationVerdict('10 ms from packets to the device', playAllocations),
  ];
}

function allocationVerdict(load: string, { bytesPerStep, where }: AllocationReport): Verdict {
  const isMet = bytesPerStep < objectBytes;
  const most = isMet ? '' : `, most of it ${where[0]!.where}`;
  return {
    load,
    target: 'no object of ours',
    figure: `${bytesPerStep.toFixed(bytesPerStep < 10 ? 1 : 0)} bytes${most}`,
    isMet,
  };
}

function costTable(title: string, costs: readonly WorkCost[]): string {
  const rows = costs.map(({ name, us, percent }) => [name, us.toFixed(0), percentText(percent)]);
  return formatTable([title, 'µs of CPU', 'of a core'], rows);
}

function percentText(percent: number): string {
  return `${percent.toFixed(percent < 10 ? 2 : 1)} %`;
}
