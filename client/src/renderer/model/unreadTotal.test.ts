import { expect, test } from 'vitest';
import { unreadTotal } from './unreadTotal.js';

const place = (roomId: string, unread: number, mentions: number) => ({
  roomId,
  unread,
  mentions,
  readId: null,
  latestId: null,
});
const isTalk = (id: string): boolean => id === 'talk';

test('counts what one is told of', () => {
  const unread = [place('all', 3, 1), place('mentions', 5, 2), place('none', 9, 9)];
  const levelOf = (id: string) => id as 'all' | 'mentions' | 'none';
  expect(unreadTotal(unread, isTalk, levelOf)).toEqual({ messages: 5, isMeant: true });
});

test('takes every message of a talk for meant', () => {
  const all = unreadTotal([place('talk', 2, 0)], isTalk, () => 'mentions');
  expect(all).toEqual({ messages: 2, isMeant: true });
  const room = unreadTotal([place('room', 2, 0)], isTalk, () => 'all');
  expect(room).toEqual({ messages: 2, isMeant: false });
});
