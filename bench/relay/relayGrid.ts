import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOutput } from '../bench.js';
import type { LoadResult } from '../load/loadMessages.js';
import { describeMachine, formatMachine } from '../machine.js';
import { measureRouteCost, type RouteCost } from '../micro/routeCost.js';
import { formatVerdicts } from '../verdicts.js';
import { findCapacity, type Capacity } from './capacity.js';
import type { RelayArguments } from './relayArguments.js';
import {
  compareRuns,
  figuresOf,
  lossOf,
  ratioToFloor,
  type Comparison,
} from './relayComparison.js';
import { formatGridTable, relayNotes } from './relayReport.js';
import { openRelayRig, type RelayLoad, type RelayRig } from './relayRig.js';
import { judgeGrid } from './relayTargets.js';

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
  readonly twoWorkers: GridEntry;
  readonly halfLoad: HalfLoad;
  readonly routeCost: RouteCost;
}

type GridPlace = Pick<GridEntry, 'rooms' | 'receivers' | 'workers'>;
type GridRig = RelayRig & GridPlace;

const resultFile = fileURLToPath(new URL('../../results/relay.json', import.meta.url));

/** A load is carried where it loses no more than one frame of a thousand. */
const lossMax = 0.001;
const probeSeconds = 3;
/** Of the frames that are due, the generator must have sent this share in time. */
const offeredShareMin = 0.98;

/** Puts every load that a target was set for on servers of its own, one after the other. */
class RelayGrid {
  readonly #given: RelayArguments;
  readonly #output: BenchOutput;

  constructor(given: RelayArguments, output: BenchOutput) {
    this.#given = given;
    this.#output = output;
  }

  async run(): Promise<GridResult> {
    const oneRoom = await this.#withRig({ rooms: 1, receivers: 500, workers: 1 }, async (rig) => ({
      oneSpeaker: await this.#compare(rig, '500 receivers, 1 speaker', 1),
      tenSpeakers: await this.#compare(rig, '500 receivers, 10 speakers', 10),
      halfLoad: await this.#halfLoad(rig, rig.receivers + 1),
    }));
    const manyRooms = await this.#withRig({ rooms: 50, receivers: 9, workers: 1 }, (rig) =>
      this.#compare(rig, '50 rooms of 10, 2 speakers each', 2),
    );
    const twoWorkers = await this.#withRig({ rooms: 50, receivers: 9, workers: 2 }, (rig) =>
      this.#compare(rig, '50 rooms of 10, 2 speakers each, 2 workers', 2),
    );
    const thousand = await this.#withRig({ rooms: 1, receivers: 1_000, workers: 1 }, (rig) =>
      this.#compare(rig, '1,000 receivers, 1 speaker', 1),
    );
    this.#output.err('route cost with full tables\n');
    const routeCost = measureRouteCost();
    return { ...oneRoom, manyRooms, twoWorkers, thousand, routeCost };
  }

  async #withRig<T>(place: GridPlace, use: (rig: GridRig) => Promise<T>): Promise<T> {
    const { sockets, payloadBytes, bundleWindowMs } = this.#given;
    const { rooms, receivers, workers } = place;
    const membersPerRoom = receivers + 1;
    this.#output.err(`${rooms * membersPerRoom} sessions, ${workers} relay workers\n`);
    const options = { rooms, membersPerRoom, sockets, payloadBytes, workers, bundleWindowMs };
    const rig = await openRelayRig(options);
    try {
      return await use({ ...rig, ...place });
    } finally {
      await rig.close();
    }
  }

  async #compare(rig: GridRig, name: string, speakers: number): Promise<GridEntry> {
    this.#output.err(`${name}\n`);
    const { rooms, receivers, workers } = rig;
    const load = this.#load(speakers, this.#given.seconds);
    const comparison = await compareRuns(rig, load, this.#given.runs, this.#output);
    // Behind the load, because a server that has just let everybody in still collects garbage.
    const idle = await rig.runServer(this.#load(0, this.#given.seconds));
    const idleCpuShare = idle.cpuSeconds / idle.seconds;
    return { name, rooms, receivers, speakers, workers, idleCpuShare, comparison };
  }

  async #halfLoad(rig: RelayRig, speakersMax: number): Promise<HalfLoad> {
    const serverCapacity = await this.#capacity('server', rig.runServer, speakersMax);
    const server = await this.#runHalf(rig.runServer, serverCapacity);
    if (rig.runFloor === null) return { serverCapacity, floorCapacity: null, server, floor: [] };
    const floorCapacity = await this.#capacity('floor', rig.runFloor, speakersMax);
    const floor = await this.#runHalf(rig.runFloor, floorCapacity);
    return { serverCapacity, floorCapacity, server, floor };
  }

  async #capacity(
    name: string,
    run: (load: RelayLoad) => Promise<LoadResult>,
    speakersMax: number,
  ): Promise<Capacity> {
    const search = { speakersMin: 4, speakersMax, lossMax, toleranceShare: 0.15 };
    return await findCapacity(search, async (speakers) => {
      const result = await run(this.#load(speakers, probeSeconds));
      const loss = lossOf(result);
      const { framesPerSecond } = this.#given;
      const offeredShare = result.framesSent / (speakers * framesPerSecond * probeSeconds);
      const isGeneratorFull = result.generatorDrops > 0 || offeredShare < offeredShareMin;
      const end = isGeneratorFull ? ', the generator is full' : '';
      this.#output.err(`${name}: ${speakers} speakers, loss ${loss.toFixed(5)}${end}\n`);
      const framesDeliveredPerSecond = result.framesDelivered / result.seconds;
      return { loss, framesDeliveredPerSecond, isGeneratorFull };
    });
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

  #load(speakersPerRoom: number, seconds: number): RelayLoad {
    const { framesPerSecond, warmUpSeconds } = this.#given;
    return { speakersPerRoom, framesPerSecond, warmUpSeconds, seconds };
  }
}

/**
 * Runs the grid and writes `bench/results/relay.json`.
 *
 * @returns what is printed: the verdicts in Markdown, or the JSON
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
    routeCost: result.routeCost,
  };
  const json = JSON.stringify(report, null, 2);
  mkdirSync(dirname(resultFile), { recursive: true });
  writeFileSync(resultFile, `${json}\n`);
  if (given.json) return json;
  return [
    formatVerdicts(verdicts),
    '',
    formatGridTable(entries),
    '',
    `${formatMachine(machine)}; medians of ${given.runs} runs of ${given.seconds} s`,
    ...relayNotes,
  ].join('\n');
}

function entriesOf(result: GridResult): GridEntry[] {
  const { oneSpeaker, tenSpeakers, manyRooms, twoWorkers, thousand } = result;
  return [oneSpeaker, tenSpeakers, manyRooms, twoWorkers, thousand];
}
