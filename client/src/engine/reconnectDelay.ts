/** Before the first try at most; each further one waits up to twice as long. */
const firstDelayMs = 500;
/** The longest wait, so that a server that is back is noticed soon. */
const delayMsMax = 10_000;

/**
 * How long to wait before trying to come back to a server. Pure. Everybody was lost at the same
 * moment, so half of each delay is chance: they come back one after the other.
 *
 * @param attempt 0 for the first
 * @param random 0 … 1
 * @returns milliseconds
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const longestMs = Math.min(delayMsMax, firstDelayMs * 2 ** attempt);
  return (longestMs * (1 + random)) / 2;
}
