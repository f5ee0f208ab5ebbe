import type { BenchOutput } from '../bench.js';
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
  /** Share of the packets of a flood that the machine could send, of the flood with the least. */
  readonly sentShare: number;
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
/** The flood begins before the run and ends after it. */
const marginSeconds = 1;

const floodEntry = new URL('./floodProcess.js', import.meta.url);

/**
 * Puts the same load on a server without a flood, with one of a session far over its budget, and
 * with one of garbage, in turn.
 *
 * @param rig with a guest, who is the flooder
 * @throws BenchError
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
  let sentShare = 1;
  try {
    await flooder.ask({ type: 'setUp', port: rig.server.info.voice.port, session });
    const kinds = ['quiet', 'session', 'garbage'] as const;
    for (let run = 0; run < runs; run++) {
      output.err(`floods, run ${run + 1} of ${runs}\n`);
      // Each goes first in its turn, so that a drift of the machine favours none.
      for (let place = 0; place < kinds.length; place++) {
        const kind = kinds[(run + place) % kinds.length]!;
        const flooding = kind === 'quiet' ? 1 : flood(flooder, kind, load);
        const [result, share] = await Promise.all([rig.runServer(load), flooding]);
        results[kind].push(result);
        sentShare = Math.min(sentShare, share);
      }
    }
  } finally {
    await flooder.end();
  }
  const speakers = load.speakersPerRoom;
  return { speakers, packetsPerSecond: floodPacketsPerSecond, sentShare, ...results };
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
  const { speakers, capacity, packetsPerSecond, sentShare } = floods;
  const [quiet, session, garbage] = [
    floodFigures(floods, 'quiet'),
    floodFigures(floods, 'session'),
    floodFigures(floods, 'garbage'),
  ];
  return { speakers, capacity, packetsPerSecond, sentShare, quiet, session, garbage };
}

/** What a server is flooded at: a quarter of what it can carry. */
export function quarterOf({ speakers }: Capacity): number {
  return Math.max(1, Math.floor(speakers / 4));
}

/** @returns the share of its packets that the flooder could send */
async function flood(
  flooder: RequestChild<FloodRequest, FloodReply>,
  kind: FloodKind,
  { warmUpSeconds, seconds: measuredSeconds }: RelayLoad,
): Promise<number> {
  const seconds = warmUpSeconds + measuredSeconds + marginSeconds;
  const packetsPerSecond = floodPacketsPerSecond;
  const { packetsSent } = await flooder.ask({ type: 'flood', kind, packetsPerSecond, seconds });
  return packetsSent / (packetsPerSecond * seconds);
}
