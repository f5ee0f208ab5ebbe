import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  allPermissions,
  namesIn,
  permissions,
  permissionsBehindDoors,
  permissionSet,
  roomPermissions,
  serverPermissions,
} from '@rookery/schemas/permissions';
import { roles } from '@rookery/schemas/roles';
import { defaultGrants } from './roles.js';

const document = readFileSync(new URL('../../../docs/permissions.md', import.meta.url), 'utf8');

/** Names in backquotes. */
const quoted = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!);

test('are those of the documented table, of its kinds, behind its doors', () => {
  const rows = [...document.matchAll(/^\| `(\w+)` .*\| (room|server) +\| (yes|no) +\|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual([...permissions]);
  const named = (column: number, value: string): string[] =>
    rows.filter((row) => row[column] === value).map(([, name]) => name!);
  expect(namesIn(serverPermissions)).toEqual(named(2, 'server'));
  expect(namesIn(roomPermissions)).toEqual(named(2, 'room'));
  expect(namesIn(permissionsBehindDoors)).toEqual(named(3, 'yes'));
});

test('are granted to roles as documented', () => {
  const grantedBy = (role: string): string[] => {
    const [, text] = new RegExp(`^- \`${role}\` grants ([^;]*);`, 'm').exec(document)!;
    return quoted(text!).flatMap((name) =>
      (roles as readonly string[]).includes(name) ? grantedBy(name) : [name],
    );
  };
  for (const role of ['guest', 'member', 'moderator'] as const) {
    expect(new Set(namesIn(defaultGrants[role])), role).toEqual(new Set(grantedBy(role)));
  }
  expect(defaultGrants.admin).toBe(allPermissions);
  expect(defaultGrants.owner).toBe(allPermissions);
});

test('fit a set, each with a bit of its own', () => {
  expect(namesIn(allPermissions)).toEqual([...permissions]);
  expect(permissionSet(permissions)).toBe(allPermissions);
  expect(allPermissions).toBeLessThan(2 ** 31);
});
