import { isDeepStrictEqual } from 'node:util';
import type { RoomInfo } from '@rookery/schemas/messages';

/** What is another of a room: `name: Chess → Go; isLocked: false → true`; of a new one its name. */
export function roomChangeWords(before: RoomInfo | null, after: RoomInfo): string {
  if (before === null) return after.name;
  const fields = Object.keys(after) as (keyof RoomInfo)[];
  const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));
  const shown = (value: RoomInfo[keyof RoomInfo]): string => String(value);
  const words = changed.map(
    (field) => `${field}: ${shown(before[field])} → ${shown(after[field])}`,
  );
  return words.join('; ');
}
