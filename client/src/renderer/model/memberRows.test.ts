import type { SessionInfo } from '@rookery/schemas/messages';
import type { Role } from '@rookery/schemas/roles';
import { expect, test } from 'vitest';
import { memberRows, talkMemberRows, type MemberRow } from './memberRows.js';

const person = (displayName: string, roomId: string, listeningTo: string[] = []): SessionInfo =>
  ({ displayName, userId: displayName, sessionToken: 1, roomId, listeningTo }) as never;
const sessions = [
  person('Zed', 'here'),
  person('ada', 'here'),
  person('Eve', 'elsewhere', ['here']),
  person('Ben', 'elsewhere'),
];
const lines = (roleOf: (userId: string) => Role | null, wanted = ''): string[] =>
  memberRows(sessions, 'here', roleOf, wanted).map(lineOf);

function lineOf(row: MemberRow): string {
  if (row.kind === 'heading') return `${row.group} ${row.count}`;
  return row.kind === 'person' ? row.session.displayName : row.displayName;
}

test('shows the highest roles first, then who hears it from elsewhere', () => {
  expect(lines((userId) => (userId === 'Zed' ? 'admin' : 'guest'))).toEqual([
    ...['admin 1', 'Zed', 'guest 1', 'ada'],
    ...['listeners 1', 'Eve'],
  ]);
});

test('shows all together where roles are not known of everybody', () => {
  expect(lines((userId) => (userId === 'Zed' ? 'admin' : null)).slice(0, 3)).toEqual([
    ...['all 2', 'ada', 'Zed'],
  ]);
});

test('finds people by a part of their name', () => {
  expect(lines(() => null, 'ED')).toEqual(['all 1', 'Zed']);
});

test('shows who takes part in a talk: first those who are here, by their name of now', () => {
  const called = (displayName: string, userId = displayName) => ({ userId, displayName });
  const participants = [called('Yan'), called('Edward', 'Zed'), called('ada'), called('Flo')];
  expect(talkMemberRows(participants, sessions, '').map(lineOf)).toEqual([
    ...['here 2', 'ada', 'Zed'],
    ...['away 2', 'Flo', 'Yan'],
  ]);
  expect(talkMemberRows(participants, sessions, 'fl').map(lineOf)).toEqual(['away 1', 'Flo']);
});
