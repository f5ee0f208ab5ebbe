import { FrameType } from '@rookery/schemas/frameType';
import type { OwnAccess } from '@rookery/schemas/messages';
import { noPermissions, permissionSet, type Permission } from '@rookery/schemas/permissions';
import { expect, test } from 'vitest';
import { noOwnPermissions, withOwnAccess } from './access.js';
import { noRoleNews, toldSince } from './roleNews.js';

const told = (...names: Permission[]): OwnAccess => ({
  type: FrameType.OwnAccess,
  role: 'moderator',
  roomPermissions: noPermissions,
  serverPermissions: permissionSet(names),
});

test('knows nothing of roles that were told while the right was gone', () => {
  let state = { permissions: noOwnPermissions, roleNews: noRoleNews };
  const take = (...names: Permission[]): void => {
    state = { ...state, ...withOwnAccess(state, told(...names)) };
  };
  take('register', 'kick');
  const known = state.roleNews.count;
  take('register');
  expect(toldSince(state.roleNews, known)).toEqual([]);
  take('kick');
  take('register', 'kick');
  expect(state.permissions.server).toEqual(['kick', 'register']);
  expect(toldSince(state.roleNews, known)).toBeNull();
});
