import { newUuid } from '@rookery/schemas/uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moderationLimits } from '../moderationLimits.js';
import { Bans } from '../store/bans.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { parseAddressRange, type AddressRange } from './addressRange.js';
import { BanBook, type NewBan } from './banBook.js';

const [ada, bob, mona] = [newUuid(), newUuid(), newUuid()];
let db: TestDatabase;
let nowMs = 1_800_000_000_000;

beforeEach(() => {
  db = openTestDatabase();
});
afterEach(() => db.remove());

const openBook = (bansMax = 10): BanBook =>
  new BanBook({
    bans: new Bans(db.database),
    limits: { ...moderationLimits, bansMax },
    wallClockMs: () => nowMs,
  });

const of = (change: Partial<NewBan>): NewBan => ({
  ...{ userId: null, range: null, reason: '', byId: mona, expiresAtMs: null },
  ...change,
});
const range = (text: string): AddressRange => parseAddressRange(text) as AddressRange;

test('a user and addresses that are banned together are kept away each', async () => {
  const book = openBook();
  const ban = await book.add(of({ userId: ada, range: range('192.0.2.0/24') }));
  expect(book.ofUser(ada)).toEqual(ban);
  expect(book.ofAddress('192.0.2.200')).toEqual(ban);
  expect(book.ofAddress('::ffff:192.0.2.200')).toEqual(ban);
  expect([book.ofUser(bob), book.ofAddress('192.0.3.1'), book.ofAddress(null)]).toEqual([
    ...[null, null, null],
  ]);
  await book.lift(ban);
  expect([book.ofUser(ada), book.ofAddress('192.0.2.200')]).toEqual([null, null]);
});

test('ends by itself, also while nobody looks, and makes place for others', async () => {
  const book = openBook(1);
  const { banId } = await book.add(of({ userId: ada, expiresAtMs: nowMs + 1_000 }));
  expect(book.isFull).toBe(true);
  nowMs += 1_000;
  expect([book.ofUser(ada), book.find(banId), book.isFull]).toEqual([null, null, false]);
});

test('is there again after the server was started anew, the newest first', async () => {
  const book = openBook();
  const first = await book.add(of({ userId: ada, reason: 'shouting' }));
  const second = await book.add(of({ range: range('2001:db8::/48'), expiresAtMs: nowMs + 9 }));
  await db.reopen();
  const again = openBook();
  expect(again.before(null, 9)).toEqual([second, first]);
  expect(again.before(second.banId, 9)).toEqual([first]);
  expect(again.ofAddress('2001:db8::7')).toEqual(second);
});

test('of several bans the one is told that holds longest', async () => {
  const book = openBook();
  await book.add(of({ userId: ada, expiresAtMs: nowMs + 1_000 }));
  const longest = await book.add(of({ userId: ada }));
  await book.add(of({ userId: ada, expiresAtMs: nowMs + 5_000 }));
  expect(book.ofUser(ada)).toEqual(longest);
});

test('never keeps the machine of the server away', async () => {
  const book = openBook();
  await book.add(of({ range: range('127.0.0.0/8') }));
  expect(book.ofAddress('127.0.0.1')).toBeNull();
  expect(book.ofAddress('127.0.0.2')).not.toBeNull();
});
