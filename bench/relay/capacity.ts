/** What a load came to. */
export interface CapacityProbe {
  readonly framesDeliveredPerSecond: number;
  /** Share of the expected frames that did not come. */
  readonly loss: number;
}

export interface Capacity {
  /** The heaviest load that was carried; 0 where not even the first was. */
  readonly speakers: number;
  readonly framesPerSecond: number;
  /** What stopped the search: loss, or that no more can speak. */
  readonly boundedBy: 'loss' | 'speakers';
}

export interface CapacitySearch {
  /** First load, and the heaviest that there is. */
  readonly speakersMin: number;
  readonly speakersMax: number;
  /** A load is carried where it loses no more than this share. */
  readonly lossMax: number;
  /** The search ends when what is carried and what is not are this close. */
  readonly toleranceShare: number;
}

/** A load that fails is tried again: another program may have had the machine. */
const triesMax = 2;

/**
 * Doubles the load until it is not carried, then halves the gap.
 *
 * @param probe puts so many speakers on; called a bounded number of times
 */
export async function findCapacity(
  search: CapacitySearch,
  probe: (speakers: number) => Promise<CapacityProbe>,
): Promise<Capacity> {
  const { speakersMin, speakersMax, lossMax, toleranceShare } = search;
  let best = { speakers: 0, framesPerSecond: 0 };
  let failed = Infinity;
  let next = Math.min(speakersMin, speakersMax);
  while (next > best.speakers && next < failed) {
    const carried = await tryLoad(next, lossMax, probe);
    if (carried === null) failed = next;
    else best = { speakers: next, framesPerSecond: carried };
    if (failed === Infinity) next = Math.min(2 * best.speakers, speakersMax);
    else if (failed - best.speakers <= toleranceShare * failed) break;
    else next = Math.floor((best.speakers + failed) / 2);
  }
  return { ...best, boundedBy: failed === Infinity ? 'speakers' : 'loss' };
}

/** @returns frames delivered per second, or null where too many were lost each time */
async function tryLoad(
  speakers: number,
  lossMax: number,
  probe: (speakers: number) => Promise<CapacityProbe>,
): Promise<number | null> {
  for (let i = 0; i < triesMax; i++) {
    const { loss, framesDeliveredPerSecond } = await probe(speakers);
    if (loss <= lossMax) return framesDeliveredPerSecond;
  }
  return null;
}
