import type { Uuid } from '@rookery/schemas/messages';

/**
 * Which messages of a window stand in the page: neighbours, named by the outermost, as the window
 * may change beneath. Ids of messages sort by time.
 */
export interface HistorySlice {
  readonly firstId: Uuid;
  /** null: to the end of the window, whatever is added there. */
  readonly lastId: Uuid | null;
}

/** Rows of the page: what fills the highest screens, with some beyond either edge of it. */
export const sliceRowsMax = 160;

/** Rows that are added at once: as many as are drawn in one frame. */
export const sliceStep = 12;

/** Rows to begin with: more than fit on most screens. */
const firstRows = 48;

/** Places in the list of ids; `to` is behind the last. */
export interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/** The newest of the window. null where there are none. */
export function sliceAtEnd(ids: readonly Uuid[]): HistorySlice | null {
  const firstId = ids[Math.max(0, ids.length - firstRows)];
  return firstId === undefined ? null : { firstId, lastId: null };
}

/** A message with what stands around it. null where it is not there. */
export function sliceAround(ids: readonly Uuid[], messageId: Uuid): HistorySlice | null {
  const at = ids.indexOf(messageId);
  if (at === -1) return null;
  const from = Math.max(0, at - firstRows / 2);
  return sliceOf(ids, { from, to: Math.min(ids.length, at + firstRows / 2) });
}

/** @returns what there is of the slice in the window as it is now; null for nothing */
export function rangeOf(
  ids: readonly Uuid[],
  { firstId, lastId }: HistorySlice,
): SliceRange | null {
  const found = ids.findIndex((id) => id >= firstId);
  const behind = lastId === null ? -1 : ids.findIndex((id) => id > lastId);
  const to = behind === -1 ? ids.length : behind;
  return found === -1 || found >= to ? null : { from: found, to };
}

/**
 * @param openEnd whether the window ends with the newest message of all
 * @returns the slice with some more at one side, and as many less at the other as are too many
 */
export function grownSlice(
  ids: readonly Uuid[],
  { from, to }: SliceRange,
  side: 'earlier' | 'later',
  openEnd: 'openEnd' | 'endIsLeft',
): HistorySlice | null {
  const grown =
    side === 'earlier'
      ? { from: Math.max(0, from - sliceStep), to }
      : { from, to: Math.min(ids.length, to + sliceStep) };
  const tooMany = Math.max(0, grown.to - grown.from - sliceRowsMax);
  const range =
    side === 'earlier'
      ? { from: grown.from, to: grown.to - tooMany }
      : { from: grown.from + tooMany, to: grown.to };
  const slice = sliceOf(ids, range);
  const reachesEnd = range.to === ids.length && openEnd === 'openEnd';
  return slice !== null && reachesEnd ? { ...slice, lastId: null } : slice;
}

/** @returns the newest rows of a slice that is open at its end and has become too long */
export function newestOf(ids: readonly Uuid[], { from, to }: SliceRange): HistorySlice | null {
  const firstId = ids[Math.max(from, to - sliceRowsMax)];
  return firstId === undefined ? null : { firstId, lastId: null };
}

/** The same rows, and none that come later. */
export function closedSlice(ids: readonly Uuid[], range: SliceRange): HistorySlice | null {
  return sliceOf(ids, range);
}

function sliceOf(ids: readonly Uuid[], { from, to }: SliceRange): HistorySlice | null {
  const [firstId, lastId] = [ids[from], ids[to - 1]];
  return firstId === undefined || lastId === undefined ? null : { firstId, lastId };
}
