import { BotFleet, type BotFleetFigures } from '@rookery/client/bots/botFleet';
import { encodeSpokenSound, type SpokenSound } from '@rookery/client/bots/spokenSound';
import type { StressTestOptions } from '@rookery/schemas/stressTest';
import type { Bench, BenchOutput } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { formatVerdicts } from '../verdicts.js';
import { botsVerdicts, type BotsMeasured } from './botsVerdicts.js';

const options = {
  count: { summary: 'bots', min: 20, max: 9_000, default: 5_000 },
  rooms: { summary: 'rooms that they share', min: 1, max: 2_000, default: 500 },
  speakers: { summary: 'bots that speak', min: 1, max: 1_000, default: 50 },
  seconds: { summary: 'how long they speak', min: 2, max: 600, default: 30 },
  ramp: { summary: 'logins a second', min: 10, max: 1_000, default: 150 },
} as const;

/** Bots that speak to nobody, each in a room of its own: what speaking costs without hearing. */
const aloneCount = 200;
const aloneSeconds = 10;
/** Silence before the speaking: silent bots say something every 15 s. */
const quietSeconds = 15;

/** Bots by the thousand, and what they cost the server and themselves. */
export const botsBench: Bench = {
  name: 'bots',
  summary: 'thousands of bots, some of which speak, beside the server: loss, memory, CPU',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const sound = await encodeSpokenSound(null);
    const crowd = await runFleet(numbers, sound, output);
    const [count, seconds] = [Math.min(aloneCount, numbers.count), aloneSeconds];
    const alone = await runFleet(
      { count, speakers: count, rooms: count, seconds, ramp: numbers.ramp },
      sound,
      output,
    );
    const measured: BotsMeasured = { test: numbers, crowd, alone, aloneCount: count };
    const machine = describeMachine();
    const verdicts = botsVerdicts(measured);
    const report = { bench: 'bots', machine, ...measured, verdicts };
    const markdown = `${formatVerdicts(verdicts)}\n\n${formatMachine(machine)}.`;
    const json = keepResult('bots', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

/** A server of its own, so that what it holds is of these bots. */
async function runFleet(
  test: StressTestOptions,
  sound: SpokenSound,
  output: BenchOutput,
): Promise<BotFleetFigures> {
  const server: ServerProcess = await startServerProcess();
  try {
    const { quic, admin } = server.info;
    const where = { host: '127.0.0.1', port: quic.port, adminPort: admin.port };
    const secrets = { namePrefix: 'Bot', password: '', pass: '' };
    const fleet = new BotFleet({ test, ...where, ...secrets, sound, quietSeconds }, (result) => {
      const { joined, wanted, seconds, lossPct, cpuPct, botsCpuPct } = result;
      const cpu = `server ${(cpuPct ?? 0).toFixed(0)} %, bots ${botsCpuPct.toFixed(0)} %`;
      const loss = `${lossPct.toFixed(3)} % lost`;
      output.err(`${seconds.toFixed(0)} s: ${joined} of ${wanted}; ${loss}; ${cpu} CPU\n`);
    });
    return await fleet.run(new AbortController().signal);
  } finally {
    await server.stop();
  }
}
