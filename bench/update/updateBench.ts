import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ServerStats } from '@rookery/server/admin/serverStats';
import type { StartInfo } from '@rookery/server/startBlock';
import type { Bench } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { firstLine, makeFolder, measuredProcess, spawnMeasured } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import type { FromCrowd, ToCrowd } from '../reconnect/crowdMessages.js';
import { VoicePair } from '../reconnect/voicePair.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { quantile } from '../statistics.js';
import { BenchInstallation, benchVersions } from './benchInstallation.js';
import { formatUpdates, judgeUpdates, type MeasuredUpdate } from './updateReport.js';

const run = promisify(execFile);

const options = {
  users: { summary: 'clients that are on the server', min: 20, max: 9_000, default: 1_000 },
  room: { summary: 'how many of them are in each room', min: 1, max: 2_000, default: 20 },
  health: { summary: 'seconds that a release has to be healthy', min: 3, max: 120, default: 10 },
} as const;

const returnMsMax = 120_000;
/** What was done last is on the disk by then. */
const settleMs = 1_000;

type Crowd = RequestChild<ToCrowd, FromCrowd>;

/** A server full of people is updated, and then not, because the release is broken. */
export const updateBench: Bench = {
  name: 'update',
  summary: 'a server with 1,000 clients is updated, and a broken release is undone',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const updates = await measure(numbers, (text) => output.err(text));
    const machine = describeMachine();
    const kept = updates.map(({ backAfterMs, ...update }) => ({
      ...update,
      backMsP50: quantile(backAfterMs, 0.5),
      backMsMax: quantile(backAfterMs, 1),
    }));
    const report = { bench: 'update', machine, arguments: numbers, updates: kept };
    const markdown = formatUpdates(judgeUpdates(updates, numbers.users), formatMachine(machine));
    const json = keepResult('update', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

interface Load {
  readonly users: number;
  readonly room: number;
  readonly health: number;
}

async function measure(
  { users, room, health }: Load,
  say: (text: string) => void,
): Promise<readonly MeasuredUpdate[]> {
  const folder = makeFolder();
  const installation = await BenchInstallation.make(join(folder, 'installation'), say);
  const crowd: Crowd = new RequestChild(
    'crowd',
    new URL('../reconnect/crowdProcess.js', import.meta.url),
  );
  const pair = new VoicePair();
  const data = join(folder, 'data');
  const server = await startServer(installation, data, folder);
  try {
    const { quic, admin } = server.info;
    await crowd.ask({ type: 'settle', port: quic.port, users, usersPerRoom: room });
    await pair.open(`127.0.0.1:${quic.port}`, folder);
    const updates: MeasuredUpdate[] = [];
    for (const version of [benchVersions.next, benchVersions.broken]) {
      await delay(settleMs);
      await pair.untilHeard();
      say(`updating to ${version}, ${users} clients\n`);
      installation.publish(version);
      const command = [
        ...['update', '--data', data, '--admin-port', String(admin.port)],
        ...['--update-url', installation.url, '--update-key', installation.updateKey],
        // A server that systemd runs on this machine is none of ours.
        ...['--restart-command', `kill -USR1 ${server.pid}`, '--health-seconds', String(health)],
      ];
      const { voice, result } = await pair.during(async () => {
        const [exitCode, returned] = await Promise.all([
          runUpdate(installation.program, command),
          crowd.ask({ type: 'outliveRestart', timeoutMs: returnMsMax }),
        ]);
        await pair.untilHeard();
        return { exitCode, returned };
      });
      if (result.returned === null) throw new BenchError('childFailed', 'The crowd told nothing.');
      const stats = await statsOf(admin.port);
      updates.push({ version, exitCode: result.exitCode, voice, ...result.returned, ...stats });
    }
    return updates;
  } finally {
    await pair.close();
    await crowd.end();
    await server.stop();
    installation.close();
  }
}

async function startServer(installation: BenchInstallation, data: string, folder: string) {
  const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
  const others = ['--everyone-is', 'admin', '--log-level', 'silent', '--host', '127.0.0.1'];
  const args = ['server', '--json', '--data', data, ...ports, ...others];
  const child = spawnMeasured(installation.program, args);
  const measured = measuredProcess(child, folder);
  const info = JSON.parse(await firstLine(child, 'server', measured)) as StartInfo;
  return { ...measured, info };
}

/** @returns its exit code */
async function runUpdate(program: string, args: readonly string[]): Promise<number> {
  return run(program, args).then(
    () => 0,
    (error: unknown) => Number((error as { code?: unknown }).code),
  );
}

async function statsOf(adminPort: number) {
  const response = await fetch(`http://127.0.0.1:${adminPort}/stats`);
  const { version, sessions } = (await response.json()) as ServerStats;
  return { versionAfter: version, sessionsAfter: sessions };
}
