import { uuidBytes } from '@rookery/schemas/uuid';
import { highestKey, lowestKey } from './keys.js';
import { millisecondOf } from './messageIds.js';
import type { Tables } from './tables.js';

/** Rooms and talks that are looked at: a step of some microseconds each. */
const placesMax = 100_000;

/**
 * When the newest message of all rooms and talks was written, by its id. Reads one key of each
 * place, however many messages there are.
 *
 * @returns milliseconds since 1970; null without any message
 */
export function newestMessageMs(tables: Tables): number | null {
  let newest: number | null = null;
  let to = highestKey;
  for (let place = 0; place < placesMax; place++) {
    const below = { from: lowestKey, to, order: 'descending', countMax: 1 } as const;
    const [key] = tables.keys({ table: 'messages', ...below });
    if (key === undefined) break;
    newest = Math.max(newest ?? 0, millisecondOf(key.slice(uuidBytes)));
    // Sorts below all of this place, and above all of those before it.
    to = key.slice(0, uuidBytes);
  }
  return newest;
}
