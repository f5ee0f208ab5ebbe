import { BotFleet } from '@rookery/client/bots/botFleet';
import { encodeSpokenSound, type SpokenSound } from '@rookery/client/bots/spokenSound';
import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import type { FromSessionProcess, ToSessionProcess } from '../sessions/sessionMessages.js';
import { formatVerdicts } from '../verdicts.js';
import { lookAtServer, type SoakSample } from './soakSample.js';
import { soakVerdicts } from './soakVerdicts.js';

const options = {
  minutes: { summary: 'how long', min: 1, max: 1_440, default: 30 },
  bots: {
    summary: 'who come, talk and leave in each round',
    min: 5,
    max: 2_000,
    default: 100,
  },
} as const;

/** Of each round: speaking, and what those write who stay. */
const talkSeconds = 3;
const writers = 20;
const writing = {
  text: 'A line as people write it.',
  messages: 60,
  writers,
  messagesPerSecond: 20,
};
/** Bots in a room. */
const botsPerRoom = 10;

/** A server on which people come, talk, write and leave again and again: what it keeps of them. */
export const soakBench: Bench = {
  name: 'soak',
  summary: 'a server for half an hour of coming, talking, writing and leaving: what grows',
  options: [...numberUsage(options), '    --strict   fail where something grows'].join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json', 'strict']);
    const samples = await soak(numbers.minutes, numbers.bots, output);
    const load = `${numbers.bots} bots a round, ${samples.length} rounds`;
    const verdicts = soakVerdicts(samples, load);
    const machine = describeMachine();
    const report = { bench: 'soak', machine, ...numbers, samples, verdicts };
    const markdown = `${formatVerdicts(verdicts)}\n\n${formatMachine(machine)}.`;
    const json = keepResult('soak', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
    if (flags.strict && !verdicts.every(({ isMet }) => isMet === true)) {
      throw new BenchError('targetMissed', 'The server grows, or the time was too short to tell.');
    }
  },
};

async function soak(minutes: number, bots: number, output: BenchOutput): Promise<SoakSample[]> {
  const sound = await encodeSpokenSound(null);
  const server = await startServerProcess();
  const entry = new URL('../sessions/sessionProcess.js', import.meta.url);
  const sessions: RequestChild<ToSessionProcess, FromSessionProcess> = new RequestChild(
    'process of the sessions',
    entry,
  );
  const samples: SoakSample[] = [];
  try {
    const { quic, admin } = server.info;
    const members = { rooms: 1, membersPerRoom: writers, guests: 0 };
    await sessions.ask({ type: 'open', port: quic.port, ...members });
    const startMs = performance.now();
    const sinceStart = (): number => (performance.now() - startMs) / 60_000;
    while (sinceStart() < minutes) {
      // Both at once: who writes is heard by nobody who talks, and the other way.
      await Promise.all([runRound(server, bots, sound), sessions.ask({ type: 'write', writing })]);
      const sample = await lookAtServer(server.pid, admin.port, sinceStart());
      samples.push(sample);
      const handles = JSON.stringify(sample.resources);
      output.err(
        `${sample.minutes.toFixed(1)} min: ${sample.anonymousMiB.toFixed(1)} MiB, ${handles}\n`,
      );
    }
    return samples;
  } finally {
    await sessions.end();
    await server.stop();
  }
}

async function runRound(server: ServerProcess, count: number, sound: SpokenSound): Promise<void> {
  const rooms = Math.max(1, Math.floor(count / botsPerRoom));
  const test = { count, speakers: rooms, rooms, seconds: talkSeconds, ramp: count };
  const where = { host: '127.0.0.1', port: server.info.quic.port, adminPort: null };
  const secrets = { namePrefix: 'Bot', password: '', pass: '' };
  const fleet = new BotFleet(
    { test, ...where, ...secrets, sound, quietSeconds: 0 },
    () => undefined,
  );
  const { result, firstFailure } = await fleet.run(new AbortController().signal);
  if (result.joined === count) return;
  throw new BenchError('refused', `Only ${result.joined} of ${count} bots came: ${firstFailure}`);
}
