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
  clicks: { summary: 'that are heard', min: 5, max: 200, default: 30 },
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

/** What somebody says, until another one hears it, all of it real but the devices. */
export const mouthToEarBench: Bench = {
  name: 'mouth-to-ear',
  summary: 'a click through two engines and a server on loopback, virtual devices, by stage',
  options: [
    ...numberUsage(options),
    '    --processing the capture chain with all its stages (without them otherwise)',
  ].join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json', 'processing']);
    const isProcessingOn = flags.processing;
    const { clicks, reportedDelayMs } = await measure({ ...numbers, isProcessingOn });
    const machine = describeMachine();
    const medians = medianStages(clicks);
    const markdown = [
      verdictsOf(clicks, medians, numbers.buffer),
      partsTable(medians, reportedDelayMs),
      `${formatMachine(machine)}; ${clicks.length} clicks, medians, each part by itself. ${notes}`,
    ].join('\n\n');
    const report = { bench: 'mouth-to-ear', machine, ...numbers, medians, clicks, reportedDelayMs };
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

function verdictsOf(clicks: readonly EarStages[], medians: EarStages, bufferMs: number): string {
  const p95 = quantile(
    clicks.map(({ whole }) => whole),
    0.95,
  );
  return formatVerdicts([
    {
      load: `mouth to ear, device buffers of ${bufferMs} ms`,
      target: `≤ ${wholeMsMax} ms`,
      figure: `${medians.whole.toFixed(1)} ms (p95 ${p95.toFixed(1)})`,
      isMet: atMost(medians.whole, wholeMsMax),
    },
  ]);
}

function partsTable(medians: EarStages, reportedDelayMs: number): string {
  const sum = parts.reduce((total, [part]) => total + medians[part], 0);
  const rows = [
    ...parts.map(([part, name]) => [name, medians[part].toFixed(1)]),
    ['all parts', sum.toFixed(1)],
    ['the whole', medians.whole.toFixed(1)],
    ['jitter buffer, as the client itself shows it', reportedDelayMs.toFixed(1)],
  ];
  return formatTable(['part', 'ms'], rows);
}
