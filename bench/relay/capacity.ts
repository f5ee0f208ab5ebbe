/** What a load came to. */
export interface CapacityProbe {
  readonly framesDeliveredPerSecond: number;
  /** Share of the expected frames that did not come. */
  readonly loss: number;
  /** The generator could not send all of the load, or not read all that came. */
  readonly isGeneratorFull: boolean;
}

export interface Capacity {
  /** The heaviest load that was carried; 0 where not even the first was. */
  readonly speakers: number;
  readonly framesPerSecond: number;
  /** What stopped the search: the relay, the generator, or that no more can speak. */
  readonly boundedBy: 'loss' | 'generator' | 'speakers';
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
  let boundedBy: Capacity['boundedBy'] = 'speakers';
  let next = Math.min(speakersMin, speakersMax);
  while (next > best.speakers && next < failed) {
    const { loss, framesDeliveredPerSecond, isGeneratorFull } = await tryLoad(next, lossMax, probe);
    if (loss <= lossMax && !isGeneratorFull) {
      best = { speakers: next, framesPerSecond: framesDeliveredPerSecond };
    } else {
      failed = next;
      boundedBy = isGeneratorFull ? 'generator' : 'loss';
    }
    if (failed === Infinity) next = Math.min(2 * best.speakers, speakersMax);
    else if (failed - best.speakers <= toleranceShare * failed) break;
    else next = Math.floor((best.speakers + failed) / 2);
  }
  return { ...best, boundedBy };
}

/** @returns the first try that was carried, or the last */
async function tryLoad(
  speakers: number,
  lossMax: number,
  probe: (speakers: number) => Promise<CapacityProbe>,
): Promise<CapacityProbe> {
  let result = await probe(speakers);
  for (let i = 1; i < triesMax && (result.loss > lossMax || result.isGeneratorFull); i++) {
    result = await probe(speakers);
  }
  return result;
}
