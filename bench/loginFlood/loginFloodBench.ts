import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { quantileUs } from '@rookery/server/admin/voiceStats';
import type { Bench } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import { VoicePair, type VoiceOfPair } from '../reconnect/voicePair.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess } from '../serverProcess.js';
import { quantile } from '../statistics.js';
import { atLeast, atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import { readEventLoopDelay, withEventLoopHook, type EventLoopDelay } from './eventLoopDelay.js';
import type { FromFlood, ToFlood } from './floodMessages.js';
import { HonestUsers, type HonestFigures } from './honestUsers.js';
import type { FloodResult } from './wrongLogins.js';

const options = {
  rate: { summary: 'logins with a wrong password a second', min: 1, max: 5_000, default: 1_000 },
  seconds: { summary: 'how long, and before it without them', min: 2, max: 120, default: 15 },
  'ban-after': { summary: 'as of the server; 0 lets all try', min: 0, max: 1_000, default: 0 },
  work: { summary: 'bits asked under load; 0 for the worst case', min: 0, max: 20, default: 0 },
} as const;

const password = 'a password of the bench';
const voiceMsMore = 2;

/** What was measured in one phase. */
export interface FloodPhase extends HonestFigures {
  readonly voice: VoiceOfPair;
  /** From the socket of the server to the socket again, p99; null where nothing was relayed. */
  readonly relayDelayUsP99: number | null;
  readonly eventLoop: EventLoopDelay;
  /** Of the whole server, in shares of a core. */
  readonly serverLoad: number;
  readonly residentMiB: number;
}

export interface LoginFloodResult {
  readonly before: FloodPhase;
  readonly during: FloodPhase;
  readonly flood: FloodResult;
  /** Of the machine over a minute, before and after; others may work on it. */
  readonly machineLoad: readonly [before: number, after: number];
}

/** Strangers try passwords from many addresses, while others speak, write and log in. */
export const loginFloodBench: Bench = {
  name: 'login-flood',
  summary: 'wrong passwords from many addresses: voice, messages and honest logins beside them',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const folder = makeFolder();
    try {
      const serverOptions = ['--ban-after', `${numbers['ban-after']}`];
      serverOptions.push('--join-work-under-load', `${numbers.work}`);
      const result = await measure(folder, serverOptions, numbers.rate, numbers.seconds);
      const machine = describeMachine();
      const report = { bench: 'login-flood', machine, arguments: numbers, ...result };
      const [loadBefore, loadAfter] = result.machineLoad.map((load) => load.toFixed(1));
      const note = `Load of the machine ${loadBefore} before, ${loadAfter} after.`;
      const verdicts = formatVerdicts(judge(result, numbers.rate));
      const markdown = `${verdicts}\n\n${formatMachine(machine)}. ${note}`;
      const json = keepResult('login-flood', report, markdown);
      output.out(flags.json ? `${json}\n` : `${markdown}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  },
};

async function measure(
  folder: string,
  serverOptions: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<LoginFloodResult> {
  const file = join(folder, 'event-loop.json');
  const hook = withEventLoopHook(file);
  const loadBefore = loadavg()[0]!;
  const server = await startServerProcess({
    ...hook,
    options: [...serverOptions, '--everyone-is', 'admin'],
    variables: { ...hook.variables, ROOKERY_PASSWORD: password },
  });
  const { port } = server.info.quic;
  const entry = new URL('./floodProcess.js', import.meta.url);
  const strangers = new RequestChild<ToFlood, FromFlood>('flood', entry);
  const pair = new VoicePair();
  let tellings = 0;
  try {
    const honest = await HonestUsers.open(port, password);
    await pair.open(`127.0.0.1:${port}`, folder, password);
    await pair.untilHeard();
    const phase = async (): Promise<FloodPhase> => {
      await readEventLoopDelay(server.pid, file, ++tellings);
      const relayedBefore = (await server.stats()).voice.relayDelay;
      const usage = readProcessUsage(server.pid);
      const { voice, result } = await pair.during(() => honest.measure(seconds));
      const after = readProcessUsage(server.pid);
      const eventLoop = await readEventLoopDelay(server.pid, file, ++tellings);
      const relayed = (await server.stats()).voice.relayDelay;
      const delays = relayed.map((count, bucket) => count - (relayedBefore[bucket] ?? 0));
      const relayDelayUsP99 = quantileUs(delays, 0.99);
      const serverLoad = usageBetween(usage, after).cpuSeconds / seconds;
      const residentMiB = after.residentBytes / 1_048_576;
      return { ...result, voice, relayDelayUsP99, eventLoop, serverLoad, residentMiB };
    };
    const before = await phase();
    const flooding = strangers.ask({ type: 'flood', port, perSecond, seconds: seconds + 2 });
    const during = await phase();
    const flood = await flooding;
    await honest.close();
    return { before, during, flood, machineLoad: [loadBefore, loadavg()[0]!] };
  } finally {
    await pair.close();
    await strangers.end();
    await server.stop();
  }
}

function judge({ before, during, flood }: LoginFloodResult, rate: number): Verdict[] {
  const load = `${rate} wrong logins a second`;
  const p99 = (values: readonly number[]): number | null =>
    values.length === 0 ? null : quantile(values, 0.99);
  const ms = (value: number | null): string => `${value?.toFixed(1) ?? 'none'} ms`;
  const us = (value: number | null): string => `at most ${value ?? 'none'} µs`;
  const voice = [before.voice.delayMsP99, during.voice.delayMsP99] as const;
  const more = voice[0] === null || voice[1] === null ? null : voice[1] - voice[0];
  const begunPerSecond = flood.begun / flood.seconds;
  const loop = (delay: EventLoopDelay): string =>
    `p50 ${ms(delay.p50Ms)}, p99 ${ms(delay.p99Ms)}, at most ${ms(delay.maxMs)}`;
  const logins = during.loginMs.length + during.failedLogins;
  return [
    {
      load,
      target: 'nobody is let in',
      figure: `${flood.letIn} of ${flood.begun} (${begunPerSecond.toFixed(0)} begun a second)`,
      isMet: flood.letIn === 0,
    },
    {
      load,
      target: `voice p99 within ${voiceMsMore} ms of before`,
      figure: `${ms(voice[1])}, before ${ms(voice[0])}`,
      isMet: atMost(more, voiceMsMore),
    },
    {
      load,
      target: 'voice p99 within the server, from socket to socket',
      figure: `${us(during.relayDelayUsP99)}, before ${us(before.relayDelayUsP99)}`,
      isMet: null,
    },
    {
      load,
      target: 'voice is all heard',
      figure: `${during.voice.heard} of ${during.voice.sent} frames`,
      // The last ones may still be on their way.
      isMet: atLeast(during.voice.heard, during.voice.sent - 2),
    },
    {
      load,
      target: 'Argon2id (about 100 ms) never blocks the main thread: event loop',
      figure: `${loop(during.eventLoop)}; before: ${loop(before.eventLoop)}`,
      isMet: atMost(during.eventLoop.p99Ms, 50),
    },
    {
      load,
      target: 'users who were here before get in',
      figure:
        `${during.loginMs.length} of ${logins}, p99 ${ms(p99(during.loginMs))}; before: ` +
        `${before.loginMs.length}, ${ms(p99(before.loginMs))}`,
      isMet: during.failedLogins === 0,
    },
    {
      load,
      target: 'messages: p99 until they are on the disk',
      figure: `${ms(p99(during.messageMs))}; before: ${ms(p99(before.messageMs))}`,
      isMet: null,
    },
    {
      load,
      target: 'the server: CPU, memory',
      figure:
        `${during.serverLoad.toFixed(2)} cores, ${during.residentMiB.toFixed(0)} MiB; before: ` +
        `${before.serverLoad.toFixed(2)}, ${before.residentMiB.toFixed(0)} MiB`,
      isMet: null,
    },
  ];
}
