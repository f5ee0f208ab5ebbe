import type { Bookmark } from '@rookery/client/host/bookmarks';

/** Bookmarks that stand together. */
export interface BookmarkGroup {
  /** '' for those that are in none. */
  readonly name: string;
  readonly bookmarks: readonly Bookmark[];
}

/** Where a bookmark is to stand, as `moveBookmark` wants it. */
export interface BookmarkPlace {
  readonly at: number;
  readonly group: string;
}

/** Those without a group first; then the groups in the order of their first bookmarks. */
export function groupsOf(bookmarks: readonly Bookmark[]): readonly BookmarkGroup[] {
  const names = new Set(['', ...bookmarks.map(({ group }) => group)]);
  return [...names]
    .map((name) => ({ name, bookmarks: bookmarks.filter(({ group }) => group === name) }))
    .filter((group) => group.bookmarks.length > 0);
}

/** Where a bookmark comes that is put before, or behind, another one. Null: nowhere else. */
export function placeBeside(
  bookmarks: readonly Bookmark[],
  movedId: string,
  targetId: string,
  side: 'before' | 'behind',
): BookmarkPlace | null {
  const target = bookmarks.find(({ bookmarkId }) => bookmarkId === targetId);
  if (target === undefined || movedId === targetId) return null;
  const others = bookmarks.filter(({ bookmarkId }) => bookmarkId !== movedId);
  return { at: others.indexOf(target) + (side === 'behind' ? 1 : 0), group: target.group };
}

/** Where a bookmark comes that goes one step, into the next group at the end of its own. */
export function placeAfterStep(
  bookmarks: readonly Bookmark[],
  movedId: string,
  step: 'up' | 'down',
): BookmarkPlace | null {
  const shown = groupsOf(bookmarks).flatMap((group) => group.bookmarks);
  const from = shown.findIndex(({ bookmarkId }) => bookmarkId === movedId);
  const moved = shown[from];
  const next = shown[step === 'up' ? from - 1 : from + 1];
  if (moved === undefined || next === undefined) return null;
  // Into another group it goes in at the near end, which is where it stood on the screen.
  const isSameGroup = next.group === moved.group;
  const side = (step === 'up') === isSameGroup ? 'before' : 'behind';
  return placeBeside(bookmarks, movedId, next.bookmarkId, side);
}
