import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from '../limits.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { highestKey, lowestKey } from './keys.js';
import type { StoredMessage } from './messageRecord.js';
import { Messages } from './messages.js';
import { SearchIndex } from './searchIndex.js';
import { parseSearchQuery } from './searchQuery.js';

const limits = { ...controlLimits.store, removedPerTrimMax: 1_000 };
const [games, music, ada] = [newUuid(), newUuid(), newUuid()];
const startMs = 1_800_000_000_000;

let base: TestDatabase;
let index: SearchIndex;
let messages: Messages;

beforeEach(() => {
  base = openTestDatabase();
  open();
});

afterEach(() => base.remove());

function open(change: Partial<typeof limits> = {}): void {
  index = new SearchIndex(base.database, { ...limits, ...change });
  messages = new Messages(base.database, limits, index);
}

function send(text: string, roomId = games): Promise<StoredMessage> {
  const clientMessageId = newUuid();
  const sentAtMs = startMs;
  return messages.append({
    roomId,
    userId: ada,
    displayName: 'Ada',
    text,
    sentAtMs,
    clientMessageId,
  });
}

function catchUp(): Promise<void> {
  return index.catchUp(messages.roomIds(), (roomId, id) => messages.after(roomId, id, 10));
}

/** All pages of a search, one after another. */
function idsOf(text: string, { roomId = games, countMax = 100 } = {}): Uuid[] {
  const query = parseSearchQuery(text)!;
  const ids: Uuid[] = [];
  let before: Uuid | null = null;
  do {
    const hits = index.find({ roomId, query, before, countMax });
    expect(hits.messageIds.length).toBeLessThanOrEqual(countMax);
    ids.push(...hits.messageIds);
    before = hits.goOnBefore;
  } while (before !== null);
  return ids;
}

function textsOf(text: string, options = {}): string[] {
  return idsOf(text, options).map((id) => messages.find(games, id)!.text);
}

describe('a search', () => {
  test('finds messages with all words, the newest first, in its room alone', async () => {
    await send('chess at eight');
    await send('chess, or poker?', music);
    await send('Poker at NINE');
    await send('eight players of Chess');
    await index.flush();
    expect(textsOf('Eight chess')).toEqual(['eight players of Chess', 'chess at eight']);
    expect(textsOf('poker chess')).toEqual([]);
    expect(textsOf('poker')).toEqual(['Poker at NINE']);
    expect(idsOf('poker', { roomId: music })).toHaveLength(1);
  });

  test('finds words that begin so, where asked to', async () => {
    await send('plan');
    await send('planning ahead');
    await send('plane tickets');
    await index.flush();
    expect(textsOf('plan')).toEqual(['plan']);
    expect(textsOf('plan*')).toEqual(['plane tickets', 'planning ahead', 'plan']);
    expect(textsOf('plan* ahead')).toEqual(['planning ahead']);
  });

  test('follows edits and deletions, also before the message was entered', async () => {
    const kept = await send('red green');
    const entered = await send('red blue');
    await index.flush();
    await messages.edit(games, kept.messageId, 'green yellow', startMs);
    await messages.delete(games, entered.messageId, startMs);
    expect(idsOf('red')).toEqual([]);
    expect(textsOf('yellow green')).toEqual(['green yellow']);
    const early = await send('early word');
    await messages.edit(games, early.messageId, 'late word', startMs);
    await index.flush();
    expect(idsOf('early')).toEqual([]);
    expect(textsOf('late')).toEqual(['late word']);
  });

  test('does not find what is not kept any more', async () => {
    for (let count = 0; count < 10; count++) await send('word');
    await index.flush();
    await send('word that nobody entered yet');
    await messages.trim(games, { countMax: 3, sentAtMsMin: null });
    await messages.removeRoom(games);
    await index.flush();
    expect(idsOf('word')).toEqual([]);
    const range = { table: 'searchTerms', from: lowestKey, to: highestKey } as const;
    const entries = base.database.keys({ ...range, order: 'ascending', countMax: 9 });
    expect(entries).toEqual([]);
  });
});

test('what was not entered when the server ended is found after the next start', async () => {
  await send('first');
  await catchUp();
  await index.flush();
  await send('second');
  await base.reopen();
  open();
  expect(idsOf('second')).toEqual([]);
  await catchUp();
  expect(textsOf('second')).toEqual(['second']);
  expect(textsOf('first')).toEqual(['first']);
});

test('stops for a while where it would take long, and goes on there', async () => {
  open({ searchStepsMax: 8 });
  await send('needle hay');
  for (let count = 0; count < 40; count++) await send(count % 2 === 0 ? 'needle' : 'hay');
  await send('hay needle');
  await index.flush();
  const query = parseSearchQuery('needle hay')!;
  const hits = index.find({ roomId: games, query, before: null, countMax: 100 });
  expect(hits.messageIds).toHaveLength(1);
  expect(hits.goOnBefore).not.toBeNull();
  expect(textsOf('needle hay')).toEqual(['hay needle', 'needle hay']);
});

test('finds what a reading of all messages finds', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const words = ['ape', 'apple', 'bee', 'bear', 'cat', 'cow'];
    const room = newUuid();
    open({ searchStepsMax: 40 });
    const sent: StoredMessage[] = [];
    for (let count = 0; count < 60; count++) {
      const text = words.filter(() => random.below(3) === 0).join(' ') || '-';
      sent.push(await send(text, room));
    }
    await index.flush();
    for (const asked of [['ape'], ['bee', 'cat'], ['ap*', 'cow'], ['b*', 'c*', 'ape']]) {
      const expected = sent
        .filter(({ text }) =>
          asked.every((word) =>
            text
              .split(' ')
              .some((has) =>
                word.endsWith('*') ? has.startsWith(word.slice(0, -1)) : has === word,
              ),
          ),
        )
        .map(({ messageId }) => messageId)
        .reverse();
      const found = idsOf(asked.join(' '), { roomId: room, countMax: 7 });
      expect(found, `seed ${seed}, ${asked.join(' ')}`).toEqual(expected);
    }
  }
});

test.each(['', ' *', '!?', Array.from({ length: 17 }, (_, word) => `w${word}`).join(' ')])(
  'there is nothing to look for in "%s"',
  (text) => {
    expect(parseSearchQuery(text)).toBeNull();
  },
);

test('enters a bounded number at a time, and after the next start what was too much', async () => {
  // By flush() alone, however long sending takes.
  open({ indexedAtOnceMax: 2, unindexedMax: 5, indexDelayMs: 3_600_000 });
  await catchUp();
  for (let count = 0; count < 8; count++) await send(`word ${count}`);
  await index.flush();
  expect(textsOf('word')).toEqual(['word 4', 'word 3', 'word 2', 'word 1', 'word 0']);
  await base.reopen();
  open();
  await catchUp();
  expect(textsOf('word')).toHaveLength(8);
});
