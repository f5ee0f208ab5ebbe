import type { Bench } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import {
  exchangeAllocation,
  heardExchange,
  spin,
  voiceExchange,
  type ExchangeRun,
  type SpinRun,
} from './soundExchange.js';

const options = {
  frames: { summary: 'frames that go through a plugin', min: 10, max: 100_000, default: 1_000 },
  speakers: { summary: 'who are heard at once', min: 1, max: 16, default: 8 },
  spins: { summary: 'plugins that spin for ever', min: 1, max: 100, default: 10 },
} as const;

const targets = { beyondMs: 0.3, bypassMs: 20, framesConcealed: 1, allocatedBytes: 1 } as const;

interface PluginsRun {
  readonly exchanges: readonly ExchangeRun[];
  readonly spins: readonly SpinRun[];
  readonly allocatedBytes: number;
}

/** What sound waits for plugins that change it, and for one that never comes back. */
export const pluginsBench: Bench = {
  name: 'plugins',
  summary: 'what a plugin that changes sound costs beyond its own work, and one that spins',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const { frames, speakers } = numbers;
    const exchanges = [await voiceExchange(frames), await heardExchange(speakers, frames)];
    const spins: SpinRun[] = [];
    for (let at = 0; at < numbers.spins; at++) spins.push(await spin());
    const run = { exchanges, spins, allocatedBytes: await exchangeAllocation() };
    const machine = describeMachine();
    const markdown = `${formatVerdicts(verdictsOf(run))}\n\n${formatMachine(machine)}. ${method}`;
    const json = keepResult('plugins', { bench: 'plugins', machine, numbers, run }, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

const method =
  "The way to the plugin's thread and back, one frame each 20 ms (one step each 10 ms for those " +
  'who are heard), less what the plugin itself takes in the thread of sound; the target is held ' +
  'against the median. A plugin that spins is waited for once, for less than half a frame, and ' +
  'sound goes on unchanged: no frame was concealed.';

function verdictsOf({ exchanges, spins, allocatedBytes }: PluginsRun): Verdict[] {
  return [
    ...exchanges.map(exchangeVerdict),
    {
      load: 'own voice',
      target: 'no object a frame',
      figure: `${allocatedBytes.toFixed(2)} bytes`,
      isMet: atMost(allocatedBytes, targets.allocatedBytes),
    },
    ...spinVerdicts(spins),
  ];
}

function exchangeVerdict(run: ExchangeRun): Verdict {
  const { what, times, counts, beyondMsP50, beyondMsP90, beyondMsP99 } = run;
  const [p50, p90, p99] = [beyondMsP50, beyondMsP90, beyondMsP99].map((ms) => ms.toFixed(2));
  return {
    load: `${what}, ${times} times`,
    target: `≤ ${targets.beyondMs} ms beyond the plugin's own work`,
    figure: `${p50} ms (p90 ${p90}, p99 ${p99}; ${counts.trapped + counts.late} faults)`,
    isMet: atMost(beyondMsP50, targets.beyondMs),
  };
}

function spinVerdicts(spins: readonly SpinRun[]): Verdict[] {
  const load = `${spins.length} plugins that spin`;
  const worst = (figure: (run: SpinRun) => number): number => Math.max(...spins.map(figure));
  const firstMs = worst(({ firstFrameMs }) => firstFrameMs);
  const laterMs = worst(({ laterFrameMs }) => laterFrameMs);
  const changed = worst(({ framesChanged }) => framesChanged);
  const frames = worst((run) => run.frames);
  return [
    {
      load,
      target: `passed by within ${targets.bypassMs} ms of the first late frame`,
      figure: `${firstMs.toFixed(1)} ms, then ${laterMs.toFixed(2)} ms a frame`,
      isMet: atMost(firstMs, targets.bypassMs),
    },
    {
      load,
      target: `at most ${targets.framesConcealed} frame concealed`,
      figure: `${changed} frames; switched off after ${frames}`,
      isMet: atMost(changed, targets.framesConcealed),
    },
  ];
}
