import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does one part after the other until the time is up. The part that is not over then is left to
 * itself: whoever asked ends the process soon.
 *
 * @param onPart called with what a part came to, as soon as it is known
 * @returns whether all were over in time
 * @throws what a part throws
 */
export async function runPartsInTime<Part extends object>(
  parts: readonly (() => Promise<Part>)[],
  milliseconds: number,
  onPart: (part: Part) => void,
): Promise<boolean> {
  const over = new AbortController();
  const timeUp = delay(milliseconds, null, { signal: over.signal });
  // It ends by being aborted where all goes well.
  timeUp.catch(() => undefined);
  try {
    for (const run of parts) {
      const part = await Promise.race([run(), timeUp]);
      if (part === null) return false;
      onPart(part);
    }
    return true;
  } finally {
    over.abort();
  }
}
