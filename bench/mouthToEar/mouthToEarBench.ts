import { rmSync } from 'node:fs';
import type { Bench } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess } from '../serverProcess.js';
import { quantile } from '../statistics.js';
import { atMost, formatTable, formatVerdicts } from '../verdicts.js';
import type { FromEarProcess, ToEarProcess } from './earMessages.js';
import { medianStages, type EarStages } from './earStages.js';

const options = {
  clicks: { summary: 'of each kind of capture', min: 5, max: 200, default: 20 },
  buffer: { summary: 'milliseconds that devices move at a time', min: 2, max: 60, default: 10 },
} as const;

const wholeMsMax = 100;

const parts: readonly (readonly [keyof EarStages, string])[] = [
  ['devices', 'capture and output device, together'],
  ['capture', 'capture ring, frame of 20 ms, processing, encoder'],
  ['network', 'sealing, network, relay, opening'],
  ['jitterBuffer', 'jitter buffer, decoder, mix'],
  ['playbackRing', 'playback ring'],
];

/** The capture chain's stages: they take time to look at what comes. */
const chains = [
  { name: 'no stage on', isProcessingOn: false },
  { name: 'all stages on', isProcessingOn: true },
] as const;

/** One way of capturing, and what came of it. */
interface EarResult {
  readonly chain: string;
  readonly medians: EarStages;
  readonly p95Ms: number;
  /** Of the jitter buffer, as the client itself shows it. */
  readonly reportedDelayMs: number;
  readonly clicks: readonly EarStages[];
}

/** What somebody says, until another one hears it, all of it real but the devices. */
export const mouthToEarBench: Bench = {
  name: 'mouth-to-ear',
  summary: 'a click through two engines and a server on loopback, virtual devices, by stage',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const results: EarResult[] = [];
    for (const { name, isProcessingOn } of chains) {
      output.err(`capture chain, ${name}: ${numbers.clicks} clicks\n`);
      results.push(resultOf(name, await measure({ ...numbers, isProcessingOn })));
    }
    const machine = describeMachine();
    const markdown = [
      verdictsOf(results, numbers.buffer),
      partsTable(results),
      `${formatMachine(machine)}; medians, each part by itself. ${notes}`,
    ].join('\n\n');
    const report = { bench: 'mouth-to-ear', machine, ...numbers, results };
    const json = keepResult('mouth-to-ear', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

const notes =
  'The clicks are played to the microphone, and recorded from the ear, by devices of the same ' +
  'kind; what these two take is measured beside it and taken off.';

async function measure(wish: {
  readonly clicks: number;
  readonly buffer: number;
  readonly isProcessingOn: boolean;
}): Promise<FromEarProcess> {
  const folder = makeFolder();
  const server = await startServerProcess();
  const entry = new URL('./earProcess.js', import.meta.url);
  const child: RequestChild<ToEarProcess, FromEarProcess> = new RequestChild('sound', entry);
  try {
    const { clicks, buffer: bufferMs, isProcessingOn } = wish;
    const address = `127.0.0.1:${server.info.quic.port}`;
    return await child.ask({ address, folder, clicks, bufferMs, isProcessingOn });
  } finally {
    await child.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(chain: string, { clicks, reportedDelayMs }: FromEarProcess): EarResult {
  const wholes = clicks.map(({ whole }) => whole);
  const p95Ms = quantile(wholes, 0.95);
  return { chain, medians: medianStages(clicks), p95Ms, reportedDelayMs, clicks };
}

function verdictsOf(results: readonly EarResult[], bufferMs: number): string {
  return formatVerdicts(
    results.map(({ chain, medians, p95Ms, clicks }) => ({
      load: `mouth to ear, ${bufferMs} ms device buffers, ${chain}`,
      target: `≤ ${wholeMsMax} ms`,
      figure: `${medians.whole.toFixed(1)} ms (p95 ${p95Ms.toFixed(1)}, ${clicks.length} clicks)`,
      isMet: atMost(medians.whole, wholeMsMax),
    })),
  );
}

function partsTable(results: readonly EarResult[]): string {
  const row = (name: string, ms: (result: EarResult) => number): string[] => [
    name,
    ...results.map((result) => ms(result).toFixed(1)),
  ];
  const sumOf = ({ medians }: EarResult): number =>
    parts.reduce((total, [part]) => total + medians[part], 0);
  const rows = [
    ...parts.map(([part, name]) => row(name, ({ medians }) => medians[part])),
    row('all parts', sumOf),
    row('the whole', ({ medians }) => medians.whole),
    row('jitter buffer, as the client itself shows it', ({ reportedDelayMs }) => reportedDelayMs),
  ];
  return formatTable(['part, in ms', ...results.map(({ chain }) => chain)], rows);
}
