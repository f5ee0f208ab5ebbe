import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from '../limits.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { MessageIds } from './messageIds.js';
import type { StoredMessage } from './messageRecord.js';
import { Messages, type NewMessage } from './messages.js';
import { SearchIndex } from './searchIndex.js';

const limits = { ...controlLimits.store, removedPerTrimMax: 7 };
const [games, music, ada] = [newUuid(), newUuid(), newUuid()];
const startMs = 1_800_000_000_000;

let base: TestDatabase;
let messages: Messages;

beforeEach(() => {
  base = openTestDatabase();
  messages = new Messages(base.database, limits, new SearchIndex(base.database, limits));
});

afterEach(() => base.remove());

function message(change: Partial<NewMessage> = {}): NewMessage {
  return {
    roomId: games,
    userId: ada,
    displayName: 'Ada',
    text: 'hello',
    sentAtMs: startMs,
    clientMessageId: newUuid(),
    ...change,
  };
}

async function restart(): Promise<void> {
  const database = await base.reopen();
  messages = new Messages(database, limits, new SearchIndex(database, limits));
}

async function trimAll(retention: Parameters<Messages['trim']>[1]): Promise<number[]> {
  const removed: number[] = [];
  for (let count = -1; count !== 0; removed.push(count)) {
    count = await messages.trim(games, retention);
  }
  return removed;
}

const texts = (page: readonly StoredMessage[]): string[] => page.map(({ text }) => text);

describe('ids', () => {
  test('grow within a millisecond, and when the clock is set back', () => {
    const ids = new MessageIds(null);
    const given: Uuid[] = [];
    for (const ms of [5, 5, 5, 9, 9, 3, 3, 9, 10]) given.push(ids.next(startMs + ms));
    expect([...given].sort()).toEqual(given);
    expect(new Set(given).size).toBe(given.length);
    const later = new MessageIds(given.at(-1)!);
    expect(later.next(startMs) > given.at(-1)!).toBe(true);
  });

  test('carry over from byte to byte', () => {
    const ids = new MessageIds('0192f000-0000-7fff-80ff-fffffffffffe');
    expect(ids.next(0)).toBe('0192f000-0000-7fff-80ff-ffffffffffff');
    expect(ids.next(0)).toBe('0192f000-0000-7fff-8100-000000000000');
  });

  test('grow where the random part cannot', () => {
    const last = '0192f000-0000-7fff-bfff-ffffffffffff';
    const next = new MessageIds(last).next(0);
    expect(next > last).toBe(true);
    expect(next.slice(0, 13)).toBe('0192f000-0001');
  });

  test('grow over a restart with a clock that was set back', async () => {
    const { messageId } = await messages.append(message());
    await messages.append(message({ roomId: music, sentAtMs: startMs - 99_999 }));
    await restart();
    const next = await messages.append(message({ sentAtMs: startMs - 3_600_000 }));
    expect(next.messageId > messageId).toBe(true);
  });
});

describe('a page', () => {
  test('is what a list of each room would give, both ways', async () => {
    const random = new SeededRandom(1);
    const all: StoredMessage[] = [];
    for (let index = 0; index < 60; index++) {
      const roomId = random.chance(0.5) ? games : music;
      const sentAtMs = startMs + random.below(20);
      all.push(await messages.append(message({ roomId, sentAtMs, text: `${index}` })));
    }
    await restart();
    for (const roomId of [games, music]) {
      const list = all.filter((one) => one.roomId === roomId);
      expect(messages.after(roomId, null, 100)).toEqual(list);
      for (const [index, { messageId }] of list.entries()) {
        const countMax = random.below(9);
        expect(messages.after(roomId, messageId, countMax)).toEqual(
          list.slice(index + 1, index + 1 + countMax),
        );
        expect(messages.before(roomId, messageId, countMax)).toEqual(
          list.slice(Math.max(0, index - countMax), index).reverse(),
        );
      }
    }
    expect(messages.before(newUuid(), null, 10)).toEqual([]);
    expect(messages.roomIds().sort()).toEqual([games, music].sort());
  });
});

describe('a message that is sent again', () => {
  test('is known while it is on its way, and has its id once it is durable', async () => {
    const sent = message();
    expect(messages.sentBefore(ada, sent.clientMessageId)).toBeNull();
    const appended = messages.append(sent);
    const again = messages.sentBefore(ada, sent.clientMessageId);
    expect(messages.before(games, null, 1)).toEqual([]);
    expect(await again).toBe((await appended).messageId);
    expect(messages.before(games, null, 1)).toHaveLength(1);
  });

  test('is known after a restart, of its sender alone, until it is removed', async () => {
    const sent = message();
    const { messageId } = await messages.append(sent);
    await restart();
    expect(await messages.sentBefore(ada, sent.clientMessageId)).toBe(messageId);
    expect(messages.sentBefore(newUuid(), sent.clientMessageId)).toBeNull();
    await messages.removeRoom(games);
    expect(messages.sentBefore(ada, sent.clientMessageId)).toBeNull();
  });
});

describe('a message', () => {
  test('can be edited, and deleted once', async () => {
    const { messageId } = await messages.append(message());
    expect(messages.find(games, messageId)).toMatchObject({ text: 'hello', editedAtMs: null });
    await messages.edit(games, messageId, 'goodbye', startMs + 1);
    expect(messages.find(games, messageId)).toMatchObject({
      text: 'goodbye',
      editedAtMs: startMs + 1,
    });
    const deleted = messages.delete(games, messageId, startMs + 2);
    // What comes after a deletion sees it, although it is not durable yet.
    expect(await messages.edit(games, messageId, 'back', startMs + 3)).toBeNull();
    expect(await deleted).toMatchObject({ text: '', deletedAtMs: startMs + 2 });
    expect(await messages.delete(games, messageId, startMs + 4)).toBeNull();
    await restart();
    expect(messages.before(games, null, 9)).toMatchObject([{ messageId, text: '' }]);
  });

  test('that there is not can be neither', async () => {
    const { messageId } = await messages.append(message());
    expect(await messages.edit(music, messageId, 'x', startMs)).toBeNull();
    expect(messages.find(music, messageId)).toBeNull();
  });
});

describe('what a room does not keep', () => {
  beforeEach(async () => {
    const times = Array.from({ length: 20 }, (_, index) => startMs + index * 10);
    await Promise.all(
      times.map((sentAtMs, index) => messages.append(message({ sentAtMs, text: `${index}` }))),
    );
    await messages.append(message({ roomId: music }));
  });

  test('goes by count, a part at a time', async () => {
    expect(await trimAll({ countMax: 3, sentAtMsMin: null })).toEqual([7, 7, 3, 0]);
    expect(texts(messages.after(games, null, 99))).toEqual(['17', '18', '19']);
  });

  test('goes by age', async () => {
    expect(await trimAll({ countMax: null, sentAtMsMin: startMs + 55 })).toEqual([6, 0]);
    expect(texts(messages.after(games, null, 1))).toEqual(['6']);
  });

  test('goes by whichever keeps less', async () => {
    await trimAll({ countMax: 18, sentAtMsMin: startMs + 150 });
    expect(texts(messages.after(games, null, 99))).toEqual(['15', '16', '17', '18', '19']);
    await trimAll({ countMax: 2, sentAtMsMin: startMs });
    expect(texts(messages.after(games, null, 99))).toEqual(['18', '19']);
    expect(messages.before(music, null, 9)).toHaveLength(1);
  });

  test('is nothing where it keeps all', async () => {
    expect(await trimAll({ countMax: null, sentAtMsMin: null })).toEqual([0]);
    expect(await trimAll({ countMax: 20, sentAtMsMin: startMs })).toEqual([0]);
  });

  test('is everything of a room that is gone', async () => {
    for (const count of [7, 7, 6, 0]) expect(await messages.removeRoom(games)).toBe(count);
    expect(messages.roomIds()).toEqual([music]);
  });
});
