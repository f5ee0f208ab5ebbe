import type { SessionInfo } from '@rookery/schemas/messages';
import type { Role } from '@rookery/schemas/roles';
import { expect, test } from 'vitest';
import { memberRows } from './memberRows.js';

const person = (displayName: string, roomId: string, listeningTo: string[] = []): SessionInfo =>
  ({ displayName, userId: displayName, sessionToken: 1, roomId, listeningTo }) as never;
const sessions = [
  person('Zed', 'here'),
  person('ada', 'here'),
  person('Eve', 'elsewhere', ['here']),
  person('Ben', 'elsewhere'),
];
const lines = (roleOf: (userId: string) => Role | null, wanted = ''): string[] =>
  memberRows(sessions, 'here', roleOf, wanted).map((row) =>
    row.kind === 'heading' ? `${row.group} ${row.count}` : row.session.displayName,
  );

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
