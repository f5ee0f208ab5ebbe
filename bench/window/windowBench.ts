import { fileURLToPath } from 'node:url';
import { BridgeHost } from '@rookery/client/bridge/bridgeHost';
import { wholeEntries } from '@rookery/client/host/clientState';
import { openTestBrowser } from '@rookery/client/webShell/testing/testBrowser';
import { openWebShell } from '@rookery/client/webShell/webShell';
import type { Bench, BenchOutput } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions, type NumbersOf } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import { Crowd } from './crowd.js';
import { openPageMeter, type PageMeter, type PageRun } from './pageMeter.js';

const options = {
  people: { summary: 'sessions that the window is shown', min: 1, max: 10_000, default: 5_000 },
  rooms: { summary: 'rooms that they are in', min: 2, max: 5_000, default: 500 },
  seconds: { summary: 'measured seconds of each load', min: 1, max: 60, default: 10 },
} as const;

type WindowNumbers = NumbersOf<typeof options>;

const busyShareMax = 0.3;
const frameMsMax = 50;
const startMsMax = 1_500;

interface WindowRun extends PageRun {
  readonly load: string;
}

/** The client's page in a real Chromium, shown a large server by a real bridge. */
export const windowBench: Bench = {
  name: 'window',
  summary: "how busy the client's page is with a large server, in a real Chromium",
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const { startMs, runs } = await measure(numbers, output);
    const machine = describeMachine();
    const markdown = `${formatVerdicts(verdictsOf(startMs, runs))}\n\n${formatMachine(machine)}.`;
    const report = { bench: 'window', machine, arguments: numbers, startMs, runs };
    const json = keepResult('window', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

function verdictsOf(startMs: number, runs: readonly WindowRun[]): Verdict[] {
  const start: Verdict = {
    load: 'start, the engine being up',
    target: `≤ ${startMsMax / 1_000} s until the rooms are shown`,
    figure: `${(startMs / 1_000).toFixed(2)} s`,
    isMet: atMost(startMs, startMsMax),
  };
  const ofRuns = runs.flatMap(({ load, busyShare, frameMsP99 }): Verdict[] => [
    {
      load,
      target: `main thread busy ≤ ${busyShareMax * 100} %`,
      figure: `${(busyShare * 100).toFixed(1)} %`,
      isMet: atMost(busyShare, busyShareMax),
    },
    {
      load,
      target: `no frame above ${frameMsMax} ms at p99`,
      figure: `${frameMsP99.toFixed(1)} ms`,
      isMet: atMost(frameMsP99, frameMsMax),
    },
  ]);
  return [start, ...ofRuns];
}

async function measure(
  { people, rooms, seconds }: WindowNumbers,
  output: BenchOutput,
): Promise<{ startMs: number; runs: WindowRun[] }> {
  const crowd = new Crowd(people, rooms);
  const host = new BridgeHost({
    read: () => crowd.state,
    wholes: wholeEntries,
    call: () => Promise.resolve(undefined),
  });
  const shellModule = import.meta.resolve('@rookery/client/webShell/webShell');
  const pageFolder = fileURLToPath(new URL('../../renderer', shellModule));
  const shell = await openWebShell({ host, pageFolder, port: 0 });
  const browser = await openTestBrowser();
  try {
    const meter = await openPageMeter(browser, shell.newAddress());
    const runs: WindowRun[] = [];
    const run = async (load: string, everyMs: number, change: () => void): Promise<void> => {
      output.err(`${load}\n`);
      runs.push({ load, ...(await runLoad(meter, seconds, everyMs, change)) });
    };
    const tell = (change: () => void) => (): void => {
      change();
      host.changed();
    };
    await run(
      '200 talk changes a second',
      5,
      tell(() => crowd.talk()),
    );
    await run(
      '20 people a second change rooms',
      50,
      tell(() => crowd.move()),
    );
    return { startMs: meter.startMs, runs };
  } finally {
    await browser.close();
    await shell.close();
    host.close();
  }
}

async function runLoad(
  meter: PageMeter,
  seconds: number,
  everyMs: number,
  change: () => void,
): Promise<PageRun> {
  const timer = setInterval(change, everyMs);
  try {
    return await meter.run(seconds);
  } finally {
    clearInterval(timer);
  }
}
