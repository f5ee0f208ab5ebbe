import type { Verdict } from '../verdicts.js';
import type { SoakSample } from './soakSample.js';

/** The share of the samples that warm the server up. */
const warmUpShare = 1 / 3;
/** Growth over all of the rest that counts as none, as a share of what is held. */
const noiseShare = 0.02;
/** Handles and timers that happen to be there in a moment. */
const resourcesNoise = 3;

/** How the memory runs. */
export interface Slope {
  readonly mibPerMinute: number;
  /** Of it. */
  readonly standardError: number;
}

/** Least squares; the error is that of samples which do not depend on each other. Pure. */
export function slopeOf(samples: readonly SoakSample[]): Slope {
  const count = samples.length;
  const mean = (of: (sample: SoakSample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / count;
  const [meanX, meanY] = [mean(({ minutes }) => minutes), mean((sample) => sample.anonymousMiB)];
  const xx = mean(({ minutes }) => (minutes - meanX) ** 2) * count;
  const xy = mean((sample) => (sample.minutes - meanX) * (sample.anonymousMiB - meanY)) * count;
  const mibPerMinute = xx === 0 ? 0 : xy / xx;
  const residual = mean(
    (sample) => (sample.anonymousMiB - meanY - mibPerMinute * (sample.minutes - meanX)) ** 2,
  );
  const standardError = count < 3 ? Infinity : Math.sqrt((residual * count) / (count - 2) / xx);
  return { mibPerMinute, standardError };
}

/** How the targets came out. @param load in words */
export function soakVerdicts(all: readonly SoakSample[], load: string): Verdict[] {
  const samples = all.slice(Math.floor(all.length * warmUpShare));
  const { mibPerMinute, standardError } = slopeOf(samples);
  const minutes = samples.at(-1)!.minutes - samples[0]!.minutes;
  const held = samples[0]!.anonymousMiB;
  const grown = mibPerMinute * minutes;
  const half = Math.ceil(samples.length / 2);
  const [before, after] = [mostOf(samples.slice(0, half)), mostOf(samples.slice(half))];
  return [
    {
      ...{ load, target: 'memory after warming up does not grow beyond its noise' },
      figure:
        `${mibPerMinute.toFixed(2)} ± ${standardError.toFixed(2)} MiB a minute, from ` +
        `${held.toFixed(0)} MiB in ${minutes.toFixed(1)} minutes`,
      isMet:
        samples.length < 3 ? null : mibPerMinute <= 2 * standardError || grown <= noiseShare * held,
    },
    {
      ...{ load, target: 'handles and timers do not grow' },
      figure: `at most ${before}, then ${after}`,
      isMet: after <= before + resourcesNoise,
    },
  ];
}

function mostOf(samples: readonly SoakSample[]): number {
  const totals = samples.map(({ resources }) =>
    Object.values(resources).reduce((sum, count) => sum + count, 0),
  );
  return Math.max(0, ...totals);
}
