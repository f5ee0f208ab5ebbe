import type { LoadResult } from '../load/loadMessages.js';

/** A run in which the server uses less than this tells little of it. */
const cpuSecondsWanted = 1;
/** So that five runs of every load of a grid end within about a quarter of an hour. */
const secondsMax = 16;

/**
 * How long a run of a load must be for the server to use about a CPU second in it. Pure.
 *
 * @param trial a short run of the same load
 * @param secondsMin the least, however much the server uses
 */
export function runSecondsFor(
  { cpuSeconds, seconds }: Pick<LoadResult, 'cpuSeconds' | 'seconds'>,
  secondsMin: number,
): number {
  const wanted = Math.ceil((cpuSecondsWanted * seconds) / cpuSeconds);
  return Math.max(secondsMin, Math.min(wanted, secondsMax));
}
