import { afterEach, beforeEach, expect, test } from 'vitest';
import { fieldLimits } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from '../limits.js';
import { Messages } from '../store/messages.js';
import { ReadMarks } from '../store/readMarks.js';
import { SearchIndex } from '../store/searchIndex.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { unreadOf } from './unread.js';

const [ada, bob, games] = [newUuid(), newUuid(), newUuid()];

let base: TestDatabase;
let store: { readonly messages: Messages; readonly readMarks: ReadMarks };

beforeEach(() => {
  base = openTestDatabase();
  const { database } = base;
  const index = new SearchIndex(database, controlLimits.store);
  store = {
    messages: new Messages(database, controlLimits.store, index),
    readMarks: new ReadMarks(database),
  };
});

afterEach(() => base.remove());

async function send(userId: string, count: number, text = 'Hello'): Promise<string[]> {
  const sent = Array.from({ length: count }, () =>
    store.messages.append({
      roomId: games,
      userId,
      displayName: 'Somebody',
      text,
      sentAtMs: 1_800_000_000_000,
      clientMessageId: newUuid(),
    }),
  );
  return (await Promise.all(sent)).map(({ messageId }) => messageId);
}

test('counts no more than a bound, however much is unread', async () => {
  const { unreadMax } = fieldLimits;
  const ids = await send(ada, 5 * unreadMax);
  expect(unreadOf(store, bob, games)).toEqual({
    roomId: games,
    readId: null,
    unread: unreadMax,
    mentions: 0,
    latestId: ids.at(-1),
  });
  await store.readMarks.raise(bob, games, { readId: ids.at(-3)! });
  expect(unreadOf(store, bob, games).unread).toBe(2);
});

test('leaves out what one wrote oneself and what was deleted', async () => {
  const [first] = await send(ada, 2);
  await send(bob, 3);
  await store.messages.delete(games, first!, 1);
  expect(unreadOf(store, bob, games).unread).toBe(1);
});

test('counts mentions as they were understood when the message was written', async () => {
  await send(ada, 2, `<@${ada}> and <@${bob.toUpperCase()}>`);
  await send(ada, 1, `<@${ada}>`);
  expect(unreadOf(store, bob, games)).toMatchObject({ unread: 3, mentions: 2 });
});
