import { readFileSync, rmSync } from 'node:fs';
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
  /** Of each client of each kill: until it heard somebody again; null for never. */
  readonly backAfterMs: readonly (number | null)[];
}

/** Who is not back by then does not come back. */
const backMsMax = 30_000;
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
  const backAfterMs: (number | null)[] = [];
  for (let kill = 0; kill < given.kills; kill++) {
    output.err(`server ${kill + 1} of ${given.kills} is killed, ${given.clients} clients\n`);
    backAfterMs.push(...(await killOnce(given)));
  }
  return { backAfterMs };
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
    const { backAfterMs } = await child.ask({
      type: 'untilBack',
      killedAtUs,
      timeoutMs: backMsMax,
    });
    await child.ask({ type: 'close' });
    return backAfterMs;
  } finally {
    await child.end();
    await supervisor.stop();
    process.off('exit', removeFolder);
    removeFolder();
  }
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
