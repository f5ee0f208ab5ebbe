import { formatTable } from '../verdicts.js';
import { figuresOf, ratioToFloor, type RelayFigures } from './relayComparison.js';
import type { GridEntry } from './relayGrid.js';

/** What stands beneath every table, so that nobody reads more out of it than there is. */
export const relayNotes = [
  'CPU is of the whole server process, with its control plane and the keep-alives of all sessions.',
  'Relay is what its relay workers used, main the main thread, other the compiler and the rest.',
  'A bundle counts as the frames in it. Delays run from send to arrival, stamped by the kernel.',
  'The generator shares the machine: where it has no core of its own, delays hold its share too.',
];

interface Line {
  readonly label: string;
  readonly show: (figures: RelayFigures) => string;
}

const lines: readonly Line[] = [
  { label: 'frames expected', show: (of) => count(of.framesExpected) },
  { label: 'frames delivered', show: (of) => count(of.framesDelivered) },
  { label: 'packets delivered', show: (of) => count(of.packetsDelivered) },
  { label: 'frames per packet', show: (of) => of.framesPerPacket.toFixed(2) },
  { label: 'loss', show: (of) => percent(of.loss) },
  { label: '  at the generator', show: (of) => count(of.generatorDrops) },
  { label: 'heard twice or wrongly', show: (of) => count(of.framesSurplus) },
  { label: 'false or malformed', show: (of) => count(of.framesFalse + of.packetsMalformed) },
  { label: 'CPU', show: (of) => seconds(of.cpuSeconds) },
  { label: '  user, about', show: (of) => seconds(of.userSeconds) },
  { label: '  system, about', show: (of) => seconds(of.systemSeconds) },
  { label: '  relay workers', show: (of) => seconds(of.relaySeconds) },
  { label: '  main thread', show: (of) => seconds(of.mainThreadSeconds) },
  { label: '  other threads', show: (of) => seconds(of.otherSeconds) },
  { label: 'frames per CPU second', show: (of) => count(of.framesPerCpuSecond) },
  { label: 'delay p50', show: (of) => milliseconds(of.delayP50Us) },
  { label: 'delay p95', show: (of) => milliseconds(of.delayP95Us) },
  { label: 'delay p99', show: (of) => milliseconds(of.delayP99Us) },
  { label: 'delay max', show: (of) => milliseconds(of.delayMaxUs) },
  { label: 'resident memory', show: (of) => `${(of.residentBytes / 1_048_576).toFixed(0)} MiB` },
  { label: 'generator CPU', show: (of) => percent(of.generatorCpuShare) },
  { label: 'paced late, max', show: (of) => milliseconds(of.pacingLagUsMax) },
];

/** Server and floor side by side; the floor's column is left out where there is none. */
export function formatFigures(server: RelayFigures, floor: RelayFigures | null): string {
  const head = ['', 'server', ...(floor === null ? [] : ['floor'])];
  const rows = lines.map(({ label, show }) => [
    label,
    show(server),
    ...(floor === null ? [] : [show(floor)]),
  ]);
  return [head, ...rows]
    .map(([label, ...cells]) => label!.padEnd(24) + cells.map((text) => text.padStart(16)).join(''))
    .join('\n');
}

/** 1234567.8 → `1,234,568`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Of a share. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.001 && share > 0 ? 4 : 2)} %`;
}

export function milliseconds(microseconds: number): string {
  return `${(microseconds / 1_000).toFixed(2)} ms`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** All loads of a grid, one a line, in Markdown. */
export function formatGridTable(entries: readonly GridEntry[]): string {
  const rows = entries.map(({ name, comparison, idleCpuShare }) => {
    const server = figuresOf(comparison.server);
    const { relaySeconds, mainThreadSeconds, otherSeconds } = server;
    return [
      name,
      server.cpuSeconds.toFixed(2),
      [relaySeconds, mainThreadSeconds, otherSeconds]
        .map((part) => Math.round((100 * part) / server.cpuSeconds))
        .join(' / '),
      count(server.framesPerCpuSecond),
      ratioText(ratioToFloor(comparison)),
      ratioText(ratioToFloor(comparison, idleCpuShare)),
      percent(idleCpuShare),
      server.framesPerPacket.toFixed(2),
      percent(server.loss),
      ...[server.delayP50Us, server.delayP95Us, server.delayP99Us].map(milliseconds),
      `${(server.residentBytes / 1_048_576).toFixed(0)} MiB`,
    ];
  });
  const cost = [
    'CPU s',
    'relay / main / other %',
    'frames/CPU s',
    'of floor',
    'idle left out',
    'idle CPU',
  ];
  const delivery = ['frames/packet', 'loss', 'p50', 'p95', 'p99', 'memory'];
  return formatTable(['load', ...cost, ...delivery], rows);
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '' : ratio.toFixed(2);
}
