import type { BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import type { Capacity } from '../relay/capacity.js';
import type { RelayLoad, RelayRig, ServerRun } from '../relay/relayRig.js';
import { figuresOf, lossOf, type RelayFigures } from '../relay/relayComparison.js';
import { RequestChild } from '../requestChannel.js';
import { medianOf } from '../statistics.js';
import type { FloodKind, FloodReply, FloodRequest } from './floodMessages.js';

/** What everybody else has of a server, with and without one who floods it. */
export interface FloodComparison {
  readonly speakers: number;
  /** What the server can carry without a flood; null where that was not found out. */
  readonly capacity: Capacity | null;
  readonly packetsPerSecond: number;
  readonly quiet: readonly ServerRun[];
  readonly session: readonly ServerRun[];
  readonly garbage: readonly ServerRun[];
}

/** Medians of the others' figures. */
export interface FloodFigures extends RelayFigures {
  /** Median of the differences to the run without a flood beside it. */
  readonly delayP99UsAbove: number;
  readonly lossAbove: number;
}

/** What one flooder sends. */
export const floodPacketsPerSecond = 20_000;
/** The machine must at least have sent this share of it, or it was no such flood. */
const sentShareMin = 0.9;
/** The flood begins before the run and ends after it. */
const marginSeconds = 1;

const floodEntry = new URL('./floodProcess.js', import.meta.url);

/**
 * Puts the same load on a server without a flood, with one of a session far over its budget, and
 * with one of garbage, in turn.
 *
 * @param rig with a guest, who is the flooder
 * @throws BenchError `childFailed` where the flood could not be sent
 */
export async function compareFloods(
  rig: RelayRig,
  load: RelayLoad,
  runs: number,
  output: BenchOutput,
): Promise<Omit<FloodComparison, 'capacity'>> {
  const [session] = rig.guests;
  if (session === undefined) throw new TypeError('a flood needs a guest in the rig');
  const flooder = new RequestChild<FloodRequest, FloodReply>('flooder', floodEntry);
  const results: Record<FloodKind | 'quiet', ServerRun[]> = { quiet: [], session: [], garbage: [] };
  try {
    await flooder.ask({ type: 'setUp', port: rig.server.info.voice.port, session });
    const kinds = ['quiet', 'session', 'garbage'] as const;
    for (let run = 0; run < runs; run++) {
      output.err(`floods, run ${run + 1} of ${runs}\n`);
      // Each goes first in its turn, so that a drift of the machine favours none.
      for (let place = 0; place < kinds.length; place++) {
        const kind = kinds[(run + place) % kinds.length]!;
        const running = kind === 'quiet' ? null : flood(flooder, kind, load);
        results[kind].push(await rig.runServer(load));
        await running;
      }
    }
  } finally {
    await flooder.end();
  }
  const speakers = load.speakersPerRoom;
  return { speakers, packetsPerSecond: floodPacketsPerSecond, ...results };
}

/** The figures of one kind of flood, or of none. */
export function floodFigures(floods: FloodComparison, kind: FloodKind | 'quiet'): FloodFigures {
  const pairs = floods[kind].map((run, index) => ({ run, quiet: floods.quiet[index]! }));
  return {
    ...figuresOf(floods[kind]),
    delayP99UsAbove: medianOf(pairs, ({ run, quiet }) => run.delayP99Us - quiet.delayP99Us),
    lossAbove: medianOf(pairs, ({ run, quiet }) => lossOf(run) - lossOf(quiet)),
  };
}

/** All figures, for programs. */
export function floodReport(floods: FloodComparison): object {
  const { speakers, capacity, packetsPerSecond } = floods;
  const [quiet, session, garbage] = [
    floodFigures(floods, 'quiet'),
    floodFigures(floods, 'session'),
    floodFigures(floods, 'garbage'),
  ];
  return { speakers, capacity, packetsPerSecond, quiet, session, garbage };
}

/** What a server is flooded at: a quarter of what it can carry. */
export function quarterOf({ speakers }: Capacity): number {
  return Math.max(1, Math.floor(speakers / 4));
}

async function flood(
  flooder: RequestChild<FloodRequest, FloodReply>,
  kind: FloodKind,
  { warmUpSeconds, seconds: measuredSeconds }: RelayLoad,
): Promise<void> {
  const seconds = warmUpSeconds + measuredSeconds + marginSeconds;
  const packetsPerSecond = floodPacketsPerSecond;
  const { packetsSent } = await flooder.ask({ type: 'flood', kind, packetsPerSecond, seconds });
  if (packetsSent >= sentShareMin * packetsPerSecond * seconds) return;
  const message = `The flooder sent only ${packetsSent} packets in ${seconds} s: no core was free.`;
  throw new BenchError('childFailed', message);
}
