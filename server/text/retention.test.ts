import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from '../limits.js';
import { Messages } from '../store/messages.js';
import { SearchIndex } from '../store/searchIndex.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { RetentionSchedule, ruleOfRoom, type RetentionRule } from './retention.js';

const dayMs = 86_400_000;
const nowMs = 1_800_000_000_000;
const log = pino({ level: 'silent' });
const [games, music] = [newUuid(), newUuid()];

let base: TestDatabase;
let messages: Messages;

beforeEach(() => {
  base = openTestDatabase();
  const limits = { ...controlLimits.store, removedPerTrimMax: 3 };
  messages = new Messages(base.database, limits, new SearchIndex(base.database, limits));
});

afterEach(() => base.remove());

/** One message a day in each room, the last today; ids of all follow the time. */
async function writeDaily(count: number): Promise<void> {
  for (let at = 2 * count - 1; at >= 0; at--) {
    const day = at >> 1;
    await messages.append({
      roomId: at % 2 === 0 ? games : music,
      userId: newUuid(),
      displayName: 'Ada',
      text: `${day} days ago`,
      sentAtMs: nowMs - day * dayMs,
      clientMessageId: newUuid(),
    });
  }
}

async function trim(ruleOf: (roomId: string) => RetentionRule): Promise<void> {
  const wallClockMs = (): number => nowMs + 1;
  const options = { messages, ruleOf, wallClockMs, intervalMs: 3_600_000, log };
  const schedule = new RetentionSchedule(options);
  await schedule.idle();
  await schedule.stop();
}

test('keeps what each room keeps, by age and by count', async () => {
  await writeDaily(20);
  await trim((roomId) =>
    roomId === games ? { keepDays: 0, keepMessages: 7 } : { keepDays: 12, keepMessages: 0 },
  );
  expect(messages.before(games, null, 100).map(({ text }) => text)).toHaveLength(7);
  expect(messages.before(games, null, 1)[0]!.text).toBe('0 days ago');
  expect(messages.after(music, null, 1)[0]!.text).toBe('11 days ago');
});

test('keeps everything where nothing is said', async () => {
  await writeDaily(8);
  await trim(() => ({ keepDays: 0, keepMessages: 0 }));
  expect(messages.before(games, null, 100)).toHaveLength(8);
});

test('a room says for itself what it keeps, and the server says the rest', () => {
  const server = { keepDays: 30, keepMessages: 0 };
  expect(ruleOfRoom(server, null)).toEqual(server);
  expect(ruleOfRoom(server, { keepDays: 0, keepMessages: 0 })).toEqual(server);
  expect(ruleOfRoom(server, { keepDays: 90, keepMessages: 5 })).toEqual({
    keepDays: 90,
    keepMessages: 5,
  });
});
