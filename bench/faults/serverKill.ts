import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { machineUs } from '../machineClock.js';
import { makeFolder } from '../measuredProcess.js';
import { RequestChild } from '../requestChannel.js';
import { startServerProcess } from '../serverProcess.js';
import type { ClientReply, ClientRequest } from './clientMessages.js';
import type { FaultArguments } from './faultArguments.js';

/** How clients came back after `kill -9` of their server. */
export interface ServerKill {
  /** Of each kill: until people can log in again. */
  readonly upAfterMs: readonly number[];
  /** Of each client of each kill: until it heard somebody again; null for never. */
  readonly backAfterMs: readonly (number | null)[];
}

/** Who is not back by then does not come back. */
const backMsMax = 30_000;
const askEveryMs = 20;
/** More speakers than this are more than one process of clients can hear. */
const speakersMax = 4;

const clientEntry = new URL('./clientProcess.js', import.meta.url);

/**
 * Kills a supervised server that real clients speak on. Each kill has a server and a supervisor of
 * its own, because a supervisor waits longer from one crash to the next.
 *
 * @throws BenchError
 */
export async function killServers(given: FaultArguments, output: BenchOutput): Promise<ServerKill> {
  const upAfterMs: number[] = [];
  const backAfterMs: (number | null)[] = [];
  for (let kill = 0; kill < given.kills; kill++) {
    output.err(`server ${kill + 1} of ${given.kills} is killed, ${given.clients} clients\n`);
    const killed = await killOnce(given);
    upAfterMs.push(killed.upAfterMs);
    backAfterMs.push(...killed.backAfterMs);
  }
  return { upAfterMs, backAfterMs };
}

async function killOnce({ clients, speakers, workers }: FaultArguments) {
  const options = ['--log-level', 'silent'];
  if (workers !== null) options.push('--relay-workers', String(workers));
  const supervisor = await startServerProcess({ options, isSupervised: true });
  const folder = makeFolder();
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const child = new RequestChild<ClientRequest, ClientReply>('process of clients', clientEntry);
  try {
    const address = `127.0.0.1:${supervisor.info.quic.port}`;
    const speaking = Math.min(speakers, speakersMax);
    await child.ask({ type: 'open', address, folder, clients, speakers: speaking });
    process.kill(childOf(supervisor.pid), 'SIGKILL');
    const killedAtUs = machineUs();
    const [upAtUs, { backAfterMs }] = await Promise.all([
      untilUp(supervisor.info.admin.port),
      child.ask({ type: 'untilBack', killedAtUs, timeoutMs: backMsMax }),
    ]);
    await child.ask({ type: 'close' });
    return { upAfterMs: (upAtUs - killedAtUs) / 1_000, backAfterMs };
  } finally {
    await child.end();
    await supervisor.stop();
    process.off('exit', removeFolder);
    removeFolder();
  }
}

/**
 * Waits until a server says that people can log in.
 *
 * @returns when it did, by `machineUs`
 * @throws BenchError `childFailed` where it never does
 */
async function untilUp(adminPort: number): Promise<number> {
  const endUs = machineUs() + backMsMax * 1_000;
  while (machineUs() < endUs) {
    const isUp = await fetch(`http://127.0.0.1:${adminPort}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return machineUs();
    await delay(askEveryMs);
  }
  throw new BenchError('childFailed', 'The supervisor did not start the server again.');
}

/** @throws BenchError `unavailable` where the system does not tell */
function childOf(pid: number): number {
  try {
    // proc_pid_children(5): the ids of the children of a process's main thread.
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (child !== undefined && child !== '') return Number(child);
  } catch {
    // It is said below.
  }
  const message = `The server under supervisor ${pid} cannot be found; that needs Linux's /proc.`;
  throw new BenchError('unavailable', message);
}
