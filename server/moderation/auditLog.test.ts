import { newUuid } from '@rookery/schemas/uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moderationLimits, type AuditLimits } from '../moderationLimits.js';
import { AuditEntries } from '../store/auditEntries.js';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { AuditLog, cutText } from './auditLog.js';

const ada = newUuid();
const bob = newUuid();
const dayMs = 86_400_000;
let db: TestDatabase;
let nowMs = 1_800_000_000_000;

beforeEach(() => {
  db = openTestDatabase();
});
afterEach(() => db.remove());

function openLog(limits: Partial<AuditLimits> = {}): AuditLog {
  const names = new Map([[ada, 'Ada']]);
  return new AuditLog({
    entries: new AuditEntries(db.database),
    users: {
      find: (id) => {
        const displayName = names.get(id);
        if (displayName === undefined) return null;
        return { displayName, publicKey: new Uint8Array(32), firstSeenMs: 0, lastSeenMs: 0 };
      },
    },
    limits: { ...moderationLimits.audit, ...limits },
    wallClockMs: () => nowMs,
    nowMs: () => nowMs,
  });
}

test('tells who did what to whom, the newest first, page by page', async () => {
  const log = openLog();
  log.note({ action: 'kick', actorId: ada, targetId: bob, detail: 'shouting' });
  nowMs += 1_000;
  log.note({ action: 'editRoom', actorId: ada, roomId: bob });
  log.note({ action: 'unban', actorId: null });
  const first = await log.page(null, 2);
  expect(first.entries.map(({ action }) => action)).toEqual(['unban', 'editRoom']);
  expect(first.hasEarlier).toBe(true);
  const { entries, hasEarlier } = await log.page(first.entries[1]!.auditId, 2);
  expect(hasEarlier).toBe(false);
  expect(entries).toMatchObject([
    {
      ...{ action: 'kick', actorId: ada, actorName: 'Ada', targetId: bob, targetName: '' },
      ...{ atMs: nowMs - 1_000, detail: 'shouting', isRefused: false, roomId: null },
    },
  ]);
});

test('is there again after the server was started anew, and goes on after its last', async () => {
  openLog().note({ action: 'ban', actorId: ada });
  await db.reopen();
  nowMs -= dayMs;
  const log = openLog();
  log.note({ action: 'unban', actorId: ada });
  expect((await log.page(null, 10)).entries.map(({ action }) => action)).toEqual(['unban', 'ban']);
});

test('is durable together with the change that it tells of', async () => {
  const log = openLog();
  const full = new Uint8Array(8);
  const commit = db.database.commit([{ table: 'meta', key: full, value: full }]);
  log.note({ action: 'kick', actorId: ada });
  await commit;
  // Both were one group: what is durable after the change is durable is the note, too.
  expect((await log.page(null, 1)).entries).toHaveLength(1);
});

test('keeps no more entries than it may, the newest', async () => {
  const log = openLog({ entriesMax: 100, removedAtOnce: 10 });
  for (let index = 0; index < 130; index++) {
    log.note({ action: 'kick', actorId: ada, detail: String(index) });
  }
  const { entries } = await log.page(null, 100);
  expect(entries.length).toBeLessThanOrEqual(100);
  expect(entries.length).toBeGreaterThanOrEqual(90);
  expect(entries[0]!.detail).toBe('129');
});

test('forgets what is too old', async () => {
  openLog().note({ action: 'kick', actorId: ada });
  nowMs += 365 * dayMs + 1;
  const log = openLog();
  expect((await log.page(null, 10)).entries).toEqual([]);
});

test('writes down only some refusals of one who tries again and again', async () => {
  const log = openLog();
  for (let index = 0; index < 50; index++) log.noteRefused({ action: 'ban', actorId: ada });
  log.noteRefused({ action: 'kick', actorId: bob });
  const { entries } = await log.page(null, 100);
  expect(entries.filter(({ actorId }) => actorId === ada)).toHaveLength(10);
  expect(entries[0]).toMatchObject({ actorId: bob, isRefused: true });
  expect(log.refusalsLeftOut).toBe(40);
  nowMs += 61_000;
  log.noteRefused({ action: 'ban', actorId: ada });
  expect((await log.page(null, 100)).entries).toHaveLength(12);
});

test('many who are refused do not fill the log either', () => {
  const log = openLog({ refusedUsersMax: 8 });
  for (let index = 0; index < 500; index++) {
    log.noteRefused({ action: 'ban', actorId: newUuid() });
  }
  expect(log.refusalsLeftOut).toBe(300);
});

test('cuts what is too long between two characters', async () => {
  expect(cutText('Zoë', 3)).toBe('Zo');
  expect(cutText('Zoë', 4)).toBe('Zoë');
  expect(cutText('a\u{1f426}', 4)).toBe('a');
  const log = openLog();
  log.note({ action: 'ban', actorId: ada, detail: 'é'.repeat(1_000) });
  expect((await log.page(null, 1)).entries[0]!.detail).toBe('é'.repeat(512));
});
