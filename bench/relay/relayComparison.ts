import type { BenchOutput } from '../bench.js';
import type { LoadResult } from '../load/loadMessages.js';
import { medianOf } from '../statistics.js';
import type { RelayLoad, RelayRig, ServerRun } from './relayRig.js';

/** Runs of server and floor under one load, in turn. */
export interface Comparison {
  readonly server: readonly ServerRun[];
  /** As many, or none where there is no floor. */
  readonly floor: readonly LoadResult[];
}

/** A run of the server, or of the floor, which has no relay workers. */
type MeasuredRun = LoadResult & Partial<Pick<ServerRun, 'relayWorkers'>>;

/** Medians over runs of what people want to know; counts are of one run. */
export interface RelayFigures {
  readonly framesExpected: number;
  readonly framesDelivered: number;
  readonly framesSurplus: number;
  readonly framesFalse: number;
  readonly packetsDelivered: number;
  readonly packetsMalformed: number;
  readonly generatorDrops: number;
  /** Share of the expected frames that did not come. */
  readonly loss: number;
  readonly cpuSeconds: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** Of the server's relay workers; 0 of the floor, which has but one thread. */
  readonly relaySeconds: number;
  readonly mainThreadSeconds: number;
  /** Of all else: idle workers, compiler, watchdog. */
  readonly otherSeconds: number;
  readonly framesPerCpuSecond: number;
  /** The same, had the busiest thread all of its core and the others none of the load. */
  readonly framesPerBusiestThreadSecond: number;
  readonly framesPerPacket: number;
  readonly delayP50Us: number;
  readonly delayP95Us: number;
  readonly delayP99Us: number;
  readonly delayMaxUs: number;
  readonly residentBytes: number;
  readonly generatorCpuShare: number;
  readonly pacingLagUsMax: number;
}

/** Which goes first changes from run to run, so that a drift of the machine favours neither. */
export async function compareRuns(
  rig: Pick<RelayRig, 'runServer' | 'runFloor'>,
  load: RelayLoad,
  runs: number,
  output: BenchOutput,
): Promise<Comparison> {
  const server: ServerRun[] = [];
  const floor: LoadResult[] = [];
  const runServer = async (): Promise<void> => {
    server.push(await rig.runServer(load));
  };
  const runFloor = async (): Promise<void> => {
    if (rig.runFloor !== null) floor.push(await rig.runFloor(load));
  };
  for (let run = 0; run < runs; run++) {
    output.err(`run ${run + 1} of ${runs}\n`);
    const order = run % 2 === 0 ? [runServer, runFloor] : [runFloor, runServer];
    for (const next of order) await next();
  }
  return { server, floor };
}

export function framesPerCpuSecond(run: LoadResult): number {
  return run.framesDelivered / run.cpuSeconds;
}

export function lossOf(run: LoadResult): number {
  return run.framesExpected === 0 ? 0 : 1 - run.framesDelivered / run.framesExpected;
}

/**
 * Delivered per CPU second, the server's against the floor's of the same run.
 *
 * @param idleCpuShare what the server uses in a second without any load, to be left out
 * @returns null where there is no floor
 */
export function ratioToFloor({ server, floor }: Comparison, idleCpuShare = 0): number | null {
  if (floor.length === 0) return null;
  const pairs = server.map((run, index) => ({ run, base: floor[index]! }));
  return medianOf(pairs, ({ run, base }) => {
    const cpuSeconds = run.cpuSeconds - idleCpuShare * run.seconds;
    return run.framesDelivered / cpuSeconds / framesPerCpuSecond(base);
  });
}

export function figuresOf(runs: readonly MeasuredRun[]): RelayFigures {
  const figure = (of: (run: MeasuredRun) => number): number => medianOf(runs, of);
  return {
    framesExpected: figure((run) => run.framesExpected),
    framesDelivered: figure((run) => run.framesDelivered),
    framesSurplus: figure((run) => run.framesSurplus),
    framesFalse: figure((run) => run.framesFalse),
    packetsDelivered: figure((run) => run.packetsDelivered),
    packetsMalformed: figure((run) => run.packetsMalformed),
    generatorDrops: figure((run) => run.generatorDrops),
    loss: figure(lossOf),
    cpuSeconds: figure((run) => run.cpuSeconds),
    userSeconds: figure((run) => run.userSeconds),
    systemSeconds: figure((run) => run.systemSeconds),
    relaySeconds: figure(relaySeconds),
    mainThreadSeconds: figure((run) => run.mainThreadSeconds),
    otherSeconds: figure((run) => run.cpuSeconds - run.mainThreadSeconds - relaySeconds(run)),
    framesPerCpuSecond: figure(framesPerCpuSecond),
    framesPerBusiestThreadSecond: figure((run) => run.framesDelivered / busiestThreadSeconds(run)),
    framesPerPacket: figure((run) => run.framesDelivered / Math.max(1, run.packetsDelivered)),
    delayP50Us: figure((run) => run.delayP50Us),
    delayP95Us: figure((run) => run.delayP95Us),
    delayP99Us: figure((run) => run.delayP99Us),
    delayMaxUs: figure((run) => run.delayMaxUs),
    residentBytes: figure((run) => run.residentBytes),
    generatorCpuShare: figure((run) => run.generatorCpuSeconds / run.seconds),
    pacingLagUsMax: figure((run) => run.pacingLagUsMax),
  };
}

function busiestThreadSeconds({ mainThreadSeconds, otherThreadSeconds }: LoadResult): number {
  return Math.max(mainThreadSeconds, ...otherThreadSeconds);
}

/** No system tells which thread is which; under load, relay workers are the busiest. */
function relaySeconds({ otherThreadSeconds, relayWorkers = 0 }: MeasuredRun): number {
  return otherThreadSeconds.slice(0, relayWorkers).reduce((sum, seconds) => sum + seconds, 0);
}
