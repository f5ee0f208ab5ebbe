import type { BenchOutput } from '../bench.js';
import type { LoadResult } from '../load/loadMessages.js';
import { findCapacity, type Capacity } from './capacity.js';
import { lossOf } from './relayComparison.js';
import type { RelayLoad } from './relayRig.js';

/** A load is carried where it loses no more than one frame of a thousand. */
const lossMax = 0.001;
const probeSeconds = 3;
/** Of the frames that are due, the generator must have sent this share in time. */
const offeredShareMin = 0.98;
const speakersMin = 4;
const toleranceShare = 0.15;

export interface CapacityLoad extends Pick<RelayLoad, 'framesPerSecond' | 'warmUpSeconds'> {
  /** Members of the one room. */
  readonly speakersMax: number;
}

/**
 * Looks for the most speakers whom everybody in one room hears. Tells of each probe.
 *
 * @param name of whoever relays, for what is told
 */
export async function findRelayCapacity(
  name: string,
  run: (load: RelayLoad) => Promise<LoadResult>,
  { speakersMax, framesPerSecond, warmUpSeconds }: CapacityLoad,
  output: BenchOutput,
): Promise<Capacity> {
  const search = { speakersMin, speakersMax, lossMax, toleranceShare };
  return await findCapacity(search, async (speakersPerRoom) => {
    const load = { speakersPerRoom, framesPerSecond, warmUpSeconds, seconds: probeSeconds };
    const result = await run(load);
    const loss = lossOf(result);
    const offeredShare = result.framesSent / (speakersPerRoom * framesPerSecond * probeSeconds);
    const isGeneratorFull = result.generatorDrops > 0 || offeredShare < offeredShareMin;
    const end = isGeneratorFull ? ', the generator is full' : '';
    output.err(`${name}: ${speakersPerRoom} speakers, loss ${loss.toFixed(5)}${end}\n`);
    const framesDeliveredPerSecond = result.framesDelivered / result.seconds;
    return { loss, framesDeliveredPerSecond, isGeneratorFull };
  });
}
