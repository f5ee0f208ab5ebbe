import { expect, test } from 'vitest';
import { isAboveLikely, mayLikely } from './likelyRights.js';

test('offers what is permitted in the own room, and on the server', () => {
  const own = { role: 'moderator', here: ['muteOthers'], server: ['kick'] } as const;
  expect(mayLikely(own, 'muteOthers')).toBe(true);
  expect(mayLikely(own, 'kick')).toBe(true);
  expect(mayLikely(own, 'ban')).toBe(false);
});

test('offers everything to those who administer, also while they are in no room', () => {
  expect(mayLikely({ role: 'admin', here: [], server: [] }, 'moveUsers')).toBe(true);
});

test('stands above lower roles, and above those that are not known', () => {
  const own = { role: 'moderator', here: [], server: [] } as const;
  expect(isAboveLikely(own, 'member')).toBe(true);
  expect(isAboveLikely(own, 'moderator')).toBe(false);
  expect(isAboveLikely(own, 'admin')).toBe(false);
  expect(isAboveLikely(own, null)).toBe(true);
});
