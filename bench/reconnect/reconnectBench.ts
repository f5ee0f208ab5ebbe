import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { quantile } from '../statistics.js';
import { atLeast, atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import type { FromCrowd, ToCrowd } from './crowdMessages.js';
import type { ReturnOfCrowd } from './returningCrowd.js';
import { VoicePair, type VoiceOfPair } from './voicePair.js';

const options = {
  users: { summary: 'clients that come back at once', min: 20, max: 9_000, default: 2_000 },
  room: { summary: 'how many of them are in each room', min: 1, max: 2_000, default: 20 },
  quiet: { summary: 'logins one after another beside it', min: 1, max: 9_000, default: 200 },
} as const;

/** Beside the storm: how long the server and its voice are watched when nothing happens. */
const restMs = 5_000;
const returnMsMax = 120_000;
/** What was done last is on the disk by then. */
const settleMs = 1_000;

type Crowd = RequestChild<ToCrowd, FromCrowd>;

/** What a run measured. CPU is that of the whole server process. */
export interface ReconnectResult {
  readonly users: number;
  readonly back: number;
  readonly backMsP50: number;
  readonly backMsMax: number;
  readonly failedAttempts: number;
  readonly stormCpuMsPerClient: number;
  readonly quietCpuMsPerLogin: number;
  readonly voiceInStorm: VoiceOfPair;
  readonly voiceAtRest: VoiceOfPair;
}

/** A server is killed and started again; everybody comes back at once. */
export const reconnectBench: Bench = {
  name: 'reconnect',
  summary: 'a crowd that comes back at once after a restart, beside quiet logins',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const result = await measure(
      numbers.users,
      numbers.room,
      Math.min(numbers.quiet, numbers.users),
    );
    const machine = describeMachine();
    const report = { bench: 'reconnect', machine, arguments: numbers, ...result };
    const markdown = `${formatVerdicts(judge(result))}\n\n${formatMachine(machine)}.`;
    const json = keepResult('reconnect', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function measure(users: number, usersPerRoom: number, quiet: number) {
  const folder = makeFolder();
  const crowd: Crowd = new RequestChild('crowd', new URL('./crowdProcess.js', import.meta.url));
  const pair = new VoicePair();
  let server = await startServer(folder, []);
  try {
    const { quic, voice } = server.info;
    await crowd.ask({ type: 'settle', port: quic.port, users, usersPerRoom });
    await pair.open(`127.0.0.1:${quic.port}`, folder);
    await delay(settleMs);
    process.kill(server.pid, 'SIGKILL');
    await crowd.ask({ type: 'lose' });
    await server.stop();
    server = await startServer(folder, [
      ...['--port', `${quic.port}`],
      ...['--voice-port', `${voice.port}`],
    ]);
    await pair.untilHeard();
    return await measureReturn(server, crowd, pair, { users, quiet });
  } finally {
    await pair.close();
    await crowd.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measureReturn(
  { pid }: ServerProcess,
  crowd: Crowd,
  pair: VoicePair,
  { users, quiet }: { readonly users: number; readonly quiet: number },
): Promise<ReconnectResult> {
  const atStart = readProcessUsage(pid);
  const storm = await pair.during(() => crowd.ask({ type: 'comeBack', timeoutMs: returnMsMax }));
  const returned: ReturnOfCrowd | null = storm.result;
  if (returned === null) throw new BenchError('childFailed', 'The crowd told nothing.');
  // What the last of them are told is part of it.
  await delay(settleMs);
  const afterStorm = readProcessUsage(pid);
  await crowd.ask({ type: 'leave', count: quiet });
  await delay(settleMs);
  const beforeRest = readProcessUsage(pid);
  const atRest = await pair.during(() => delay(restMs));
  const afterRest = readProcessUsage(pid);
  const quietFromMs = performance.now();
  await crowd.ask({ type: 'logInQuietly', count: quiet });
  await delay(settleMs);
  const quietSeconds = (performance.now() - quietFromMs) / 1_000;
  const afterQuiet = readProcessUsage(pid);
  const restPerSecond = usageBetween(beforeRest, afterRest).cpuSeconds / (restMs / 1_000);
  const quietSecondsOfCpu =
    usageBetween(afterRest, afterQuiet).cpuSeconds - restPerSecond * quietSeconds;
  const { backAfterMs, failedAttempts } = returned;
  return {
    users,
    back: backAfterMs.length,
    backMsP50: quantile(backAfterMs, 0.5),
    backMsMax: quantile(backAfterMs, 1),
    failedAttempts,
    stormCpuMsPerClient: (1_000 * usageBetween(atStart, afterStorm).cpuSeconds) / users,
    quietCpuMsPerLogin: (1_000 * quietSecondsOfCpu) / quiet,
    voiceInStorm: storm.voice,
    voiceAtRest: atRest.voice,
  };
}

function judge(result: ReconnectResult): Verdict[] {
  const { users, back, stormCpuMsPerClient, quietCpuMsPerLogin, voiceInStorm } = result;
  const load = `${users} clients`;
  const ratio = stormCpuMsPerClient / quietCpuMsPerLogin;
  const { sent, heard, delayMsP99, gapMsMax } = voiceInStorm;
  const rest = result.voiceAtRest.delayMsP99?.toFixed(1) ?? 'none';
  const [half, last] = [result.backMsP50, result.backMsMax].map((ms) => (ms / 1_000).toFixed(1));
  return [
    {
      load,
      target: 'all back',
      figure: `${back}; half after ${half} s, the last after ${last} s`,
      isMet: atLeast(back, users),
    },
    {
      load,
      target: 'server CPU a client at most 3 times a quiet login',
      figure:
        `${ratio.toFixed(2)} (${stormCpuMsPerClient.toFixed(2)} ms beside ` +
        `${quietCpuMsPerLogin.toFixed(2)} ms), ${result.failedAttempts} attempts failed`,
      isMet: atMost(ratio, 3),
    },
    {
      load,
      target: 'voice of those already back unharmed: all frames heard',
      figure:
        `${heard} of ${sent}, p99 after ${delayMsP99?.toFixed(1) ?? 'none'} ms ` +
        `(${rest} at rest), ` +
        `longest gap ${gapMsMax.toFixed(0)} ms`,
      // The last frames may still be on their way.
      isMet: atLeast(heard, sent - 2),
    },
  ];
}

/** On the same data and ports, as a supervisor would. */
function startServer(folder: string, ports: readonly string[]): Promise<ServerProcess> {
  return startServerProcess({ options: ['--data', join(folder, 'data'), ...ports] });
}
