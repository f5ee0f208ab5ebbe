import { expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import { findUsers } from './findUsers.js';

const publicKey = new Uint8Array(32);

test('those who are there come first, then who was seen last, and 20 at most', async () => {
  const all = Array.from({ length: 30 }, (_, index) => ({ userId: newUuid(), lastSeenMs: index }));
  const [oldest] = all;
  const users = {
    find: (userId: string) => ({
      publicKey,
      displayName: 'Ada',
      firstSeenMs: 0,
      lastSeenMs: all.find((user) => user.userId === userId)!.lastSeenMs,
    }),
    named: (_name: string, countMax: number) =>
      Promise.resolve(all.map(({ userId }) => userId).slice(0, countMax)),
  };
  const found = await findUsers(users, 'Ada', (userId) => userId === oldest!.userId, 99);
  expect(found.map(({ lastSeenMs }) => lastSeenMs)).toEqual([
    0,
    ...Array.from({ length: 19 }, (_, index) => 29 - index),
  ]);
  expect(found[0]).toEqual({ ...oldest, displayName: 'Ada', online: true });
  expect(await findUsers(users, 'Ada', () => false, 5)).toHaveLength(5);
});
