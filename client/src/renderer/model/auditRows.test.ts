import type { AuditEntry } from '@rookery/schemas/messages';
import { expect, test } from 'vitest';
import { auditRows, type AuditFilter } from './auditRows.js';

function entry(change: Partial<AuditEntry>): AuditEntry {
  return {
    ...{ auditId: 'a', atMs: new Date(2026, 2, 1, 12).getTime(), actorId: 'u', actorName: 'Ada' },
    ...{ action: 'ban', isRefused: false, targetId: null, targetName: '', roomId: null },
    ...{ detail: '', ...change },
  };
}

const entries = [
  entry({ action: 'ban', targetId: 't', targetName: 'Bob' }),
  entry({ action: 'editRoom', roomId: 'r', atMs: new Date(2026, 2, 2, 0).getTime() }),
  entry({ action: 'unban', actorId: null, actorName: '' }),
];
const names = { room: () => 'Games', server: 'the server' };

function found(change: Partial<AuditFilter>): string[] {
  const nothing = { who: '', action: '', whom: '', since: '', until: '' };
  return auditRows(entries, { ...nothing, ...change }, names).map(({ action }) => action);
}

test('finds entries by who, what, whom and where', () => {
  expect(found({})).toEqual(['ban', 'editRoom', 'unban']);
  expect(found({ who: ' ADA' })).toEqual(['ban', 'editRoom']);
  expect(found({ who: 'server' })).toEqual(['unban']);
  expect(found({ whom: 'bob' })).toEqual(['ban']);
  expect(found({ whom: 'games' })).toEqual(['editRoom']);
  expect(found({ action: 'unban' })).toEqual(['unban']);
});

test('a day is in from its first moment to its last', () => {
  expect(found({ until: '2026-03-01' })).toEqual(['ban', 'unban']);
  expect(found({ since: '2026-03-02' })).toEqual(['editRoom']);
  expect(found({ since: '2026-03-01', until: '2026-03-02' })).toHaveLength(3);
});
