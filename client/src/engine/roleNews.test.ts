import { FrameType } from '@rookery/schemas/frameType';
import type { RoleList, UserRole } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { noRoleNews, toldSince, withRoleGap, withTold, type RoleNews } from './roleNews.js';

const user = (index: number): UserRole => {
  const userId = `00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`;
  return { userId, name: `Nobody ${index}`, role: 'member' };
};
const users = (from: number, to: number): UserRole[] =>
  Array.from({ length: to - from }, (_, index) => user(from + index));

function told(roleNews: RoleNews, users: readonly UserRole[], hasMore = false): RoleNews {
  const list: RoleList = {
    ...{ type: FrameType.RoleList, everyoneIs: 'guest', grants: [] },
    ...{ users, hasMore },
  };
  return withTold({ roleNews }, list).roleNews;
}

test('tells what came since, in order, and nothing where nothing has', () => {
  const news = told(told(noRoleNews, users(0, 2)), users(2, 3));
  expect(toldSince(news, 0)).toEqual(users(0, 3));
  expect(toldSince(news, 2)).toEqual(users(2, 3));
  expect(toldSince(news, 3)).toEqual([]);
});

test('knows nothing across a gap, and all behind it', () => {
  const before = told(noRoleNews, users(0, 3));
  for (const gap of [withRoleGap({ roleNews: before }).roleNews, told(before, users(3, 4), true)]) {
    expect(toldSince(gap, before.count)).toBeNull();
    const after = told(gap, users(4, 6));
    expect(toldSince(after, before.count)).toBeNull();
    expect(toldSince(after, gap.count)).toEqual(users(4, 6));
  }
});

test('keeps a bounded number of them, whatever comes', () => {
  let news = noRoleNews;
  for (let round = 0; round < 10; round++) news = told(news, users(round * 100, round * 100 + 100));
  expect(news.latest).toHaveLength(200);
  expect(toldSince(news, 800)).toEqual(users(800, 1_000));
  expect(toldSince(news, 799)).toBeNull();
});
