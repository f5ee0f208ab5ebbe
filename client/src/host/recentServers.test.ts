import { expect, test } from 'vitest';
import { besideBookmarks, recentServersMax, withUse, type RecentServer } from './recentServers.js';

const recent = (address: string, usedAtMs = 1): RecentServer => ({
  address,
  nickname: 'Ada',
  serverName: 'Rook',
  usedAtMs,
});
const addressesOf = (recents: readonly RecentServer[]) => recents.map(({ address }) => address);

test('a server where one was stands first, and once', () => {
  const before = [recent('a:1'), recent('b:1')];
  expect(withUse(before, recent('b:1', 5))).toEqual([recent('b:1', 5), recent('a:1')]);
});

test('the oldest goes when there are too many', () => {
  const uses = Array.from({ length: recentServersMax + 3 }, (_, i) => recent(`s${i}:1`));
  const recents = uses.reduce<readonly RecentServer[]>(withUse, []);
  expect(recents).toHaveLength(recentServersMax);
  expect(addressesOf(recents)).not.toContain('s2:1');
  expect(addressesOf(recents)[0]).toBe('s12:1');
});

test('a server that is kept is not shown twice, however its address is written', () => {
  const recents = [recent('talk.example.org:4640'), recent('other.example.org:4640')];
  const bookmarks = [{ address: 'Talk.Example.org' }, { address: 'no address at all' }];
  expect(addressesOf(besideBookmarks(recents, bookmarks))).toEqual(['other.example.org:4640']);
});
