import type { BenchFigure, BenchOutput } from '../bench.js';
import { compareFloods, floodReport, quarterOf, type FloodComparison } from '../faults/flood.js';
import type { LoadResult } from '../load/loadMessages.js';
import { describeMachine, formatMachine } from '../machine.js';
import { quicEndpointBench } from '../micro/quicEndpoint.js';
import { measureRouteCost, type RouteCost } from '../micro/routeCost.js';
import { keepResult } from '../results.js';
import { formatVerdicts } from '../verdicts.js';
import type { Capacity } from './capacity.js';
import { GridProgress } from './gridProgress.js';
import type { RelayArguments } from './relayArguments.js';
import { findRelayCapacity } from './relayCapacity.js';
import { compareRuns, figuresOf, ratioToFloor, type Comparison } from './relayComparison.js';
import { formatGridTable, relayNotes } from './relayReport.js';
import { openRelayRig, type RelayLoad, type RelayRig, type RelayRigOptions } from './relayRig.js';
import { judgeGrid } from './relayTargets.js';
import { runSecondsFor } from './runSeconds.js';

/** One load of the grid, and how it came out. */
export interface GridEntry {
  readonly name: string;
  readonly rooms: number;
  readonly receivers: number;
  readonly speakers: number;
  readonly workers: number;
  /** CPU seconds that the same server uses in a second in which nobody speaks. */
  readonly idleCpuShare: number;
  readonly comparison: Comparison;
}

/** The heaviest loads carried in one room, and the delays at half of each. */
export interface HalfLoad {
  readonly serverCapacity: Capacity;
  readonly floorCapacity: Capacity | null;
  readonly server: readonly LoadResult[];
  /** At half of the floor's own capacity. */
  readonly floor: readonly LoadResult[];
}

/** All that the targets are judged by. */
export interface GridResult {
  readonly oneSpeaker: GridEntry;
  readonly tenSpeakers: GridEntry;
  readonly manyRooms: GridEntry;
  readonly thousand: GridEntry;
  /** The same load on one worker and on two, all of which take packets. */
  readonly oneWorker: GridEntry;
  readonly twoWorkers: GridEntry;
  readonly halfLoad: HalfLoad;
  readonly floods: FloodComparison;
  readonly routeCost: RouteCost;
  /** Of a server with real sockets, beside the bare binding. */
  readonly controlPlane: readonly BenchFigure[];
}

type GridPlace = Pick<GridEntry, 'rooms' | 'receivers' | 'workers'> &
  Pick<RelayRigOptions, 'guests' | 'yardstick'>;
type GridRig = RelayRig & Omit<GridPlace, 'guests' | 'yardstick'>;

/** Load before the first run of a server, until its code is compiled. */
const warmUpSeconds = 10;
/** The floor's own generator has to be warm too. */
const floorWarmUpSeconds = 2;
/** A run that tells how long the others must be. */
const trialSeconds = 3;
const idleSeconds = 4;
const idleRuns = 2;
/** Between two loads of a search. */
const settleSeconds = 0.5;

/** What each part takes on a machine with two cores and nothing else to do, in five runs. */
const steps = [
  { name: '500 receivers, 1 speaker', seconds: 210 },
  { name: '500 receivers, 10 speakers', seconds: 75 },
  { name: 'half of the capacity', seconds: 160 },
  { name: 'floods at a quarter of the capacity', seconds: 110 },
  { name: '50 rooms of 10, 2 speakers each', seconds: 90 },
  { name: '100 rooms of 10, 2 speakers each, on 1 and 2 workers', seconds: 110 },
  { name: '1,000 receivers, 1 speaker', seconds: 95 },
  { name: 'route cost with full tables', seconds: 10 },
  { name: 'control plane', seconds: 60 },
] as const;

/** Puts every load that a target was set for on servers of its own, one after the other. */
class RelayGrid {
  readonly #given: RelayArguments;
  readonly #output: BenchOutput;
  readonly #progress: GridProgress;

  constructor(given: RelayArguments, output: BenchOutput) {
    this.#given = given;
    this.#output = output;
    this.#progress = new GridProgress(steps, output);
  }

  async run(): Promise<GridResult> {
    const oneRoom = await this.#runOneRoom();
    const rooms = { rooms: 50, receivers: 9 };
    this.#progress.begin();
    const manyRooms = await this.#withRig({ ...rooms, workers: 1 }, (rig) =>
      this.#compare(rig, '50 rooms of 10, 2 speakers each', 2),
    );
    this.#progress.begin();
    const alone = { yardstick: 'none' } as const;
    // Enough that what each worker is woken for is little beside what it relays.
    const onWorkers = (workers: number, name: string): Promise<GridEntry> =>
      this.#withRig({ rooms: 100, receivers: 9, workers, ...alone }, (rig) =>
        this.#compare(rig, `100 rooms of 10, 2 speakers each, ${name}`, 2),
      );
    const oneWorker = await onWorkers(1, '1 worker');
    const twoWorkers = await onWorkers(2, '2 workers');
    this.#progress.begin();
    const thousandPlace = { rooms: 1, receivers: 1_000, workers: 1, ...alone };
    const thousand = await this.#withRig(thousandPlace, (rig) =>
      this.#compare(rig, '1,000 receivers, 1 speaker', 1),
    );
    this.#progress.begin();
    const routeCost = measureRouteCost();
    this.#progress.begin();
    const figures = await quicEndpointBench.run();
    const controlPlane = figures.filter(({ name }) => name.includes('real sockets'));
    const workers = { oneWorker, twoWorkers };
    return { ...oneRoom, manyRooms, ...workers, thousand, routeCost, controlPlane };
  }

  #runOneRoom() {
    this.#progress.begin();
    const place = { rooms: 1, receivers: 500, workers: 1, guests: 1 };
    return this.#withRig(place, async (rig) => {
      const oneSpeaker = await this.#compare(rig, '500 receivers, 1 speaker', 1);
      this.#progress.begin();
      const tenSpeakers = await this.#compare(rig, '500 receivers, 10 speakers', 10);
      this.#progress.begin();
      const halfLoad = await this.#halfLoad(rig, rig.receivers + 1);
      this.#progress.begin();
      const { serverCapacity } = halfLoad;
      const quarter = this.#load(quarterOf(serverCapacity), this.#given.seconds);
      const compared = await compareFloods(rig, quarter, this.#given.runs, this.#output);
      const floods = { ...compared, capacity: serverCapacity };
      return { oneSpeaker, tenSpeakers, halfLoad, floods };
    });
  }

  async #withRig<T>(place: GridPlace, use: (rig: GridRig) => Promise<T>): Promise<T> {
    const { sockets, payloadBytes, bundleWindowMs } = this.#given;
    const membersPerRoom = place.receivers + 1;
    const options = { ...place, membersPerRoom, sockets, payloadBytes, bundleWindowMs };
    const rig = await openRelayRig(options);
    try {
      // As much as any row has, so that all that is used later is compiled.
      const speakers = place.rooms === 1 ? 10 : 2;
      await rig.runServer(this.#load(speakers, warmUpSeconds));
      await rig.runFloor?.(this.#load(speakers, floorWarmUpSeconds));
      const { rooms, receivers, workers } = place;
      return await use({ ...rig, rooms, receivers, workers });
    } finally {
      await rig.close();
    }
  }

  async #compare(rig: GridRig, name: string, speakers: number): Promise<GridEntry> {
    const { rooms, receivers, workers } = rig;
    const trial = await rig.runServer(this.#load(speakers, trialSeconds));
    const seconds = runSecondsFor(trial, this.#given.seconds);
    const load = this.#load(speakers, seconds);
    const comparison = await compareRuns(rig, load, this.#given.runs, this.#output);
    const idleCpuShare = await this.#idleCpuShare(rig);
    return { name, rooms, receivers, speakers, workers, idleCpuShare, comparison };
  }

  /** Behind a load, because a server that has just let everybody in still collects garbage. */
  async #idleCpuShare(rig: RelayRig): Promise<number> {
    const shares: number[] = [];
    for (let i = 0; i < idleRuns; i++) {
      const { cpuSeconds, seconds } = await rig.runServer(this.#load(0, idleSeconds));
      shares.push(cpuSeconds / seconds);
    }
    // Also a load leaves garbage behind, in one of them.
    return Math.min(...shares);
  }

  async #halfLoad(rig: RelayRig, speakersMax: number): Promise<HalfLoad> {
    const serverCapacity = await this.#capacity('server', rig.runServer, speakersMax);
    const server = await this.#runHalf(rig.runServer, serverCapacity);
    if (rig.runFloor === null) return { serverCapacity, floorCapacity: null, server, floor: [] };
    const floorCapacity = await this.#capacity('floor', rig.runFloor, speakersMax);
    const floor = await this.#runHalf(rig.runFloor, floorCapacity);
    return { serverCapacity, floorCapacity, server, floor };
  }

  #capacity(
    name: string,
    run: (load: RelayLoad) => Promise<LoadResult>,
    speakersMax: number,
  ): Promise<Capacity> {
    const { framesPerSecond } = this.#given;
    const load = { speakersMax, framesPerSecond, warmUpSeconds: settleSeconds };
    return findRelayCapacity(name, run, load, this.#output);
  }

  async #runHalf(
    run: (load: RelayLoad) => Promise<LoadResult>,
    { speakers }: Capacity,
  ): Promise<LoadResult[]> {
    const half = Math.max(1, Math.floor(speakers / 2));
    const results: LoadResult[] = [];
    for (let i = 0; i < this.#given.runs; i++) {
      results.push(await run(this.#load(half, this.#given.seconds)));
    }
    return results;
  }

  /** The server is warm already. */
  #load(speakersPerRoom: number, seconds: number): RelayLoad {
    return {
      speakersPerRoom,
      framesPerSecond: this.#given.framesPerSecond,
      warmUpSeconds: 0,
      seconds,
    };
  }
}

/**
 * Runs the grid and keeps its result: `bench/results/relay.json` and `relay.md`.
 *
 * @returns what is printed: the tables in Markdown, or the JSON
 */
export async function runRelayGrid(given: RelayArguments, output: BenchOutput): Promise<string> {
  const result = await new RelayGrid(given, output).run();
  const verdicts = judgeGrid(result, given.bundleWindowMs);
  const entries = entriesOf(result);
  const machine = describeMachine();
  const report = {
    machine,
    arguments: given,
    verdicts,
    loads: entries.map(({ comparison, ...load }) => ({
      ...load,
      ratioToFloor: ratioToFloor(comparison),
      ratioToFloorWithoutIdle: ratioToFloor(comparison, load.idleCpuShare),
      server: figuresOf(comparison.server),
      floor: comparison.floor.length === 0 ? null : figuresOf(comparison.floor),
    })),
    halfLoad: {
      ...result.halfLoad,
      server: figuresOf(result.halfLoad.server),
      floor: result.halfLoad.floor.length === 0 ? null : figuresOf(result.halfLoad.floor),
    },
    floods: floodReport(result.floods),
    routeCost: result.routeCost,
    controlPlane: result.controlPlane,
  };
  const markdown = [
    formatVerdicts(verdicts),
    '',
    formatGridTable(entries),
    '',
    `${formatMachine(machine)}; medians of ${given.runs} runs. ${relayNotes.join(' ')}`,
  ].join('\n');
  const json = keepResult('relay', report, markdown);
  return given.json ? json : markdown;
}

function entriesOf(result: GridResult): GridEntry[] {
  const { oneSpeaker, tenSpeakers, manyRooms, oneWorker, twoWorkers, thousand } = result;
  return [oneSpeaker, tenSpeakers, manyRooms, oneWorker, twoWorkers, thousand];
}
