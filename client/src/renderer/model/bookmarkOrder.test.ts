import { expect, test } from 'vitest';
import type { Bookmark } from '@rookery/client/host/bookmarks';
import { groupsOf, placeAfterStep, placeBeside } from './bookmarkOrder.js';

const kept = (bookmarkId: string, group: string): Bookmark => ({
  bookmarkId,
  label: bookmarkId,
  address: bookmarkId,
  nickname: 'Ada',
  group,
  usedAtMs: 0,
  hasPassword: false,
});

const bookmarks = [kept('a', 'Play'), kept('b', ''), kept('c', 'Play'), kept('d', 'Work')];

/** As the host does it. */
function step(before: readonly Bookmark[], movedId: string, to: 'up' | 'down'): Bookmark[] {
  const place = placeAfterStep(before, movedId, to);
  if (place === null) return [...before];
  const others = before.filter(({ bookmarkId }) => bookmarkId !== movedId);
  return others.toSpliced(place.at, 0, kept(movedId, place.group));
}

const shown = (list: readonly Bookmark[]): string =>
  groupsOf(list)
    .map(({ name, bookmarks: inGroup }) => `${name}:${inGroup.map((each) => each.label).join('')}`)
    .join(' ');

test('bookmarks of one group stand together, those of none first', () => {
  expect(shown(bookmarks)).toBe(':b Play:ac Work:d');
  expect(groupsOf([])).toEqual([]);
});

test('a step goes past the neighbour, and at the end of a group into the next', () => {
  expect(shown(step(bookmarks, 'c', 'up'))).toBe(':b Play:ca Work:d');
  expect(shown(step(bookmarks, 'a', 'down'))).toBe(':b Play:ca Work:d');
  expect(shown(step(bookmarks, 'c', 'down'))).toBe(':b Play:a Work:cd');
  expect(shown(step(bookmarks, 'd', 'up'))).toBe(':b Play:acd');
  expect(shown(step(bookmarks, 'a', 'up'))).toBe(':ba Play:c Work:d');
});

test('nothing goes beyond the ends', () => {
  expect(placeAfterStep(bookmarks, 'b', 'up')).toBeNull();
  expect(placeAfterStep(bookmarks, 'd', 'down')).toBeNull();
  expect(placeAfterStep(bookmarks, 'unknown', 'up')).toBeNull();
});

test('a step down is undone by a step up, where its group is still there', () => {
  for (const bookmarkId of ['a', 'c']) {
    const down = step(bookmarks, bookmarkId, 'down');
    if (shown(down) === shown(bookmarks)) continue;
    expect(shown(step(down, bookmarkId, 'up')), bookmarkId).toBe(shown(bookmarks));
  }
});

test('what is dropped beside another stands there, in its group', () => {
  expect(placeBeside(bookmarks, 'd', 'a', 'before')).toEqual({ at: 0, group: 'Play' });
  expect(placeBeside(bookmarks, 'a', 'd', 'behind')).toEqual({ at: 3, group: 'Work' });
  expect(placeBeside(bookmarks, 'a', 'a', 'before')).toBeNull();
});
