import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { readProcessUsage } from '../processUsage.js';
import {
  openRelayRig,
  type RelayRig,
  type RelayRigOptions,
  type ServerRun,
} from '../relay/relayRig.js';
import type { FaultArguments } from './faultArguments.js';
import { causeFault, processWithFault, stallMs, type ServerFault } from './serverFault.js';

/** What one fault did to those who listened. */
export interface FaultRun {
  readonly framesExpected: number;
  readonly framesLost: number;
  /** For each speaker the longest time in which nobody heard it. */
  readonly silencesMs: readonly number[];
  readonly delayMaxMs: number;
  readonly drops: ServerRun['drops'];
}

export interface RelayFaults {
  readonly runs: readonly FaultRun[];
  /** Sessions that the server has closed: they would have to log in again. */
  readonly sessionsLost: number;
}

const framesPerSecond = 50;
const payloadBytes = 120;
const sockets = 16;
/** Speech before and after the fault. */
const marginSeconds = 1.5;
const warmUpSeconds = 1;

/** One room, no floor. */
export function faultRigOptions(
  { workers }: Pick<FaultArguments, 'workers'>,
  membersPerRoom: number,
): RelayRigOptions {
  return {
    ...{ rooms: 1, membersPerRoom, sockets, payloadBytes, workers },
    ...{ bundleWindowMs: null, yardstick: 'none' },
  };
}

/** Ends relay workers one after the other while people speak. @throws BenchError */
export function crashRelayWorkers(
  given: FaultArguments,
  output: BenchOutput,
): Promise<RelayFaults> {
  return repeatFault('killRelay', given.crashes, given, async (rig, run) => {
    output.err(`relay worker ${run + 1} of ${given.crashes} is ended\n`);
    const before = readProcessUsage(rig.server.pid).threads;
    const result = await runWithFault(rig, given.speakers, 2 * marginSeconds);
    const after = readProcessUsage(rig.server.pid).threads;
    if ([...before.keys()].every((thread) => after.has(thread))) {
      throw new BenchError('childFailed', 'No relay worker ended, so nothing was measured.');
    }
    return result;
  });
}

/** Lets the main thread stand still while people speak. @throws BenchError */
export function stallMainThread(given: FaultArguments, output: BenchOutput): Promise<RelayFaults> {
  return repeatFault('stallMain', 1, given, (rig) => {
    output.err(`the main thread stands still for ${stallMs / 1_000} s\n`);
    return runWithFault(rig, given.speakers, stallMs / 1_000 + 2 * marginSeconds);
  });
}

async function repeatFault(
  fault: ServerFault,
  times: number,
  given: FaultArguments,
  once: (rig: RelayRig, run: number) => Promise<ServerRun>,
): Promise<RelayFaults> {
  const options = faultRigOptions(given, given.sessions);
  const rig = await openRelayRig({ ...options, process: processWithFault(fault) });
  try {
    const runs: FaultRun[] = [];
    for (let run = 0; run < times; run++) runs.push(faultRunOf(await once(rig, run)));
    return { runs, sessionsLost: await rig.countLostSessions() };
  } finally {
    // Sessions that were lost are counted, and no reason to keep the figures back.
    await rig.close().catch(() => undefined);
  }
}

async function runWithFault(rig: RelayRig, speakers: number, seconds: number): Promise<ServerRun> {
  const running = rig.runServer({
    speakersPerRoom: speakers,
    framesPerSecond,
    warmUpSeconds,
    seconds,
  });
  const [result] = await Promise.all([
    running,
    delay((warmUpSeconds + marginSeconds) * 1_000).then(() => causeFault(rig.server.pid)),
  ]);
  return result;
}

function faultRunOf({ framesExpected, framesDelivered, ...run }: ServerRun): FaultRun {
  return {
    framesExpected,
    framesLost: framesExpected - framesDelivered,
    silencesMs: run.silencesUs.map((us) => us / 1_000),
    delayMaxMs: run.delayMaxUs / 1_000,
    drops: run.drops,
  };
}
