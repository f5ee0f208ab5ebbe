import type { AclEntry, Principal } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { expect, test } from 'vitest';
import { decide } from '@rookery/schemas/permissionDecision';
import { decisionInWords, type PermissionNames } from './decisionInWords.js';
import { PermissionBook } from './permissionBook.js';
import { defaultRoomRules, type RoomRules } from '@rookery/schemas/permissionData';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';

const names: PermissionNames = {
  room: (roomId) => (roomId === rootRoomId ? 'Root' : roomId.toUpperCase()),
  group: (groupId) => groupId.toUpperCase(),
  user: (userId) => userId.toUpperCase(),
};

/** A room "hall" below the root, and "nook" below that. */
function newBook(): PermissionBook {
  const book = new PermissionBook();
  book.apply({ type: 'addRoom', roomId: 'hall', parentId: rootRoomId });
  book.apply({ type: 'addRoom', roomId: 'nook', parentId: 'hall' });
  return book;
}

function setRules(book: PermissionBook, roomId: string, rules: Partial<RoomRules>): void {
  book.apply({ type: 'setRules', roomId, rules: { ...defaultRoomRules, ...rules } });
}

function entry(
  principal: Principal,
  { grants = [], denies = [] }: { grants?: Permission[]; denies?: Permission[] },
): AclEntry {
  const sets = { grants: permissionSet(grants), denies: permissionSet(denies) };
  return { principal, appliesHere: true, appliesBelow: true, ...sets };
}

function answer(book: PermissionBook, permission: Permission, roomId: string): string {
  const subject = { userId: 'ann', passwordIds: new Set<number>() };
  return decisionInWords(decide(book, subject, permission, roomId), names);
}

test('tells of roles, and that nothing grants', () => {
  const book = newBook();
  expect(answer(book, 'enter', 'nook')).toBe('Yes: the role guest grants it.');
  expect(answer(book, 'kick', 'nook')).toBe(
    'No: neither an entry nor the role nor a group grants it.',
  );
  expect(answer(book, 'enter', 'attic')).toBe('No: there is no such room.');
  book.apply({ type: 'setRole', userId: 'ann', role: 'owner' });
  expect(answer(book, 'kick', 'nook')).toBe('Yes: owners may do everything.');
  expect(answer(book, 'kick', 'attic')).toBe('No: there is no such room.');
});

test('tells of groups', () => {
  const book = newBook();
  const memberIds = new Set(['ann']);
  const grants = permissionSet(['kick']);
  book.apply({ type: 'setGroup', group: { groupId: 'band', roomId: null, grants, memberIds } });
  expect(answer(book, 'kick', 'nook')).toBe('Yes: the group "BAND" grants it.');
  const entries = [entry({ type: 'group', groupId: 'band' }, { denies: ['enter'] })];
  setRules(book, 'hall', { entries });
  expect(answer(book, 'enter', 'nook')).toBe(
    'No: entry 1 of room "HALL", for the group "BAND", denies it.',
  );
});

test('tells of entries: a deny before a grant, and the nearest room before others', () => {
  const book = newBook();
  const everyone = entry({ type: 'everyone' }, { grants: ['link', 'speak'] });
  const guests = entry({ type: 'role', role: 'guest' }, { denies: ['speak'] });
  setRules(book, 'hall', { entries: [everyone, guests] });
  expect(answer(book, 'link', 'nook')).toBe(
    'Yes: entry 1 of room "HALL", for everyone, grants it.',
  );
  expect(answer(book, 'speak', 'nook')).toBe(
    'No: entry 2 of room "HALL", for the role guest, denies it.',
  );
  const ann = entry({ type: 'user', userId: 'ann' }, { grants: ['speak', 'kick'] });
  setRules(book, 'nook', { entries: [ann] });
  expect(answer(book, 'speak', 'nook')).toBe(
    'Yes: entry 1 of room "NOOK", for the user "ANN", grants it.',
  );
  // It belongs to no room, so none below the root gives it.
  expect(answer(book, 'kick', 'nook')).toMatch(/^No: neither/);
  setRules(book, rootRoomId, { entries: [ann] });
  expect(answer(book, 'kick', 'nook')).toBe(
    'Yes: entry 1 of room "Root", for the user "ANN", grants it.',
  );
});

test('tells of doors from the root down, roles before passwords', () => {
  const book = newBook();
  setRules(book, 'hall', { passwordId: 1 });
  setRules(book, 'nook', { requiredRole: 'member', passwordId: 2 });
  expect(answer(book, 'enter', 'nook')).toBe('No: room "NOOK" requires the role member.');
  expect(answer(book, 'traverse', 'nook')).toBe('Yes: the role guest grants it.');
  book.apply({ type: 'setRole', userId: 'ann', role: 'moderator' });
  expect(answer(book, 'enter', 'nook')).toBe('No: the password of room "HALL" was not given.');
  expect(answer(book, 'muteOthers', 'nook')).toBe('Yes: the role moderator grants it.');
});

test('tells of rooms that cannot be passed, and why', () => {
  const book = newBook();
  setRules(book, 'hall', { inherits: false });
  const why = 'nothing grants it up to room "HALL", which inherits nothing from above';
  expect(answer(book, 'traverse', 'hall')).toBe(`No: ${why}.`);
  const hidden = `No: traverse is refused in room "HALL", as ${why}.`;
  expect(answer(book, 'enter', 'hall')).toBe(hidden);
  expect(answer(book, 'enter', 'nook')).toBe(hidden);
  expect(answer(book, 'traverse', 'nook')).toBe(hidden);
});
