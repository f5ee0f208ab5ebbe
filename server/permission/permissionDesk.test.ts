import type { AclEntry } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  defaultRoomRules,
  type PermissionChange,
  type RoomRules,
} from '@rookery/schemas/permissionData';
import { PermissionDesk } from './permissionDesk.js';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';

/*
 *  root ─┬─ lobby ── corner
 *        └─ club (inherits nothing) ── bar
 */
const tree = [
  ['lobby', rootRoomId],
  ['corner', 'lobby'],
  ['club', rootRoomId],
  ['bar', 'club'],
] as const;
const allRooms = ['root', 'lobby', 'corner', 'club', 'bar'];
const users = ['guest', 'member', 'owner'];

let desk: PermissionDesk;

beforeEach(() => {
  desk = new PermissionDesk();
  for (const [token, userId] of users.entries()) desk.open(token, userId);
  for (const [roomId, parentId] of tree) desk.apply({ type: 'addRoom', roomId, parentId });
  desk.apply({ type: 'setRole', userId: 'member', role: 'member' });
  desk.apply({ type: 'setRole', userId: 'owner', role: 'owner' });
  setRules('club', { inherits: false, entries: [entry({}, 'traverse', 'enter')] });
});

function setRules(roomId: string, rules: Partial<RoomRules>): string[] {
  return drops({ type: 'setRules', roomId, rules: { ...defaultRoomRules, ...rules } });
}

/** For everyone, here and below, unless said otherwise. */
function entry(fields: Partial<AclEntry>, ...granted: Permission[]): AclEntry {
  return {
    principal: { type: 'everyone' },
    appliesHere: true,
    appliesBelow: true,
    grants: permissionSet(granted),
    denies: 0,
    ...fields,
  };
}

/** What a change drops, where every answer was known before: `user room`, in order. */
function drops(change: PermissionChange): string[] {
  return droppedBy(() => desk.apply(change));
}

function droppedBy(act: () => ReturnType<PermissionDesk['apply']>): string[] {
  for (const token of users.keys()) {
    for (const roomId of allRooms) desk.allowedIn(token, roomId === 'root' ? rootRoomId : roomId);
  }
  return act()
    .flatMap(({ sessionToken, roomIds }) => {
      const names = [...roomIds].map((roomId) => (roomId === rootRoomId ? 'root' : roomId));
      return names.map((name) => `${users[sessionToken]!} ${name}`);
    })
    .sort();
}

const of = (user: string, ...rooms: string[]): string[] =>
  rooms.map((room) => `${user} ${room}`).sort();
const guestAndMember = (...rooms: string[]): string[] => [
  ...of('guest', ...rooms),
  ...of('member', ...rooms),
];

describe('a change drops what it can change, and nothing else:', () => {
  test('an entry, where it applies and inherit lets it through', () => {
    const entries = [entry({}, 'speak')];
    expect(setRules(rootRoomId, { entries })).toEqual(guestAndMember('root', 'lobby', 'corner'));
    expect(setRules(rootRoomId, { entries })).toEqual([]);
    const here = [entry({ appliesBelow: false }, 'speak')];
    expect(setRules('lobby', { entries: here })).toEqual(guestAndMember('lobby'));
    const below = [...here, entry({ appliesHere: false }, 'text')];
    expect(setRules('lobby', { entries: below })).toEqual(guestAndMember('corner'));
    expect(setRules('lobby', { entries: [below[1]!] })).toEqual(guestAndMember('lobby'));
  });

  test('an entry, for those whom it matches', () => {
    const forUser = entry({ principal: { type: 'user', userId: 'guest' } }, 'link');
    expect(setRules('lobby', { entries: [forUser] })).toEqual(of('guest', 'corner', 'lobby'));
    const forRole = entry({ principal: { type: 'role', role: 'member' } }, 'link');
    const entries = [forUser, forRole];
    expect(setRules('lobby', { entries })).toEqual(of('member', 'corner', 'lobby'));
    const forOwner = entry({ principal: { type: 'user', userId: 'owner' } }, 'link');
    expect(setRules('lobby', { entries: [...entries, forOwner] })).toEqual([]);
  });

  test('an entry about traverse, for all that is below', () => {
    const entries = [entry({ appliesBelow: false, denies: permissionSet(['traverse']) })];
    expect(setRules(rootRoomId, { entries })).toEqual(guestAndMember(...allRooms));
    expect(setRules('corner', { entries })).toEqual(guestAndMember('corner'));
  });

  test('an entry about the server, for the root alone', () => {
    const entries = [entry({}, 'kick')];
    expect(setRules('lobby', { entries })).toEqual([]);
    expect(setRules(rootRoomId, { entries })).toEqual(guestAndMember('root'));
  });

  test('inherit, for the room and what is below', () => {
    expect(setRules('lobby', { inherits: false })).toEqual(guestAndMember('lobby', 'corner'));
  });

  test('a required role, for those whom it lets in or keeps out', () => {
    expect(setRules('lobby', { requiredRole: 'member' })).toEqual(of('guest', 'corner', 'lobby'));
    expect(setRules('lobby', { requiredRole: 'admin' })).toEqual(of('member', 'corner', 'lobby'));
  });

  test('a password, for those who have to give it, and who gives it', () => {
    const entries = [entry({}, 'traverse', 'enter')];
    const withPassword = { inherits: false, entries, passwordId: 1 };
    expect(setRules('club', withPassword)).toEqual(guestAndMember('bar', 'club'));
    expect(droppedBy(() => desk.givePassword(1, 1))).toEqual(of('member', 'bar', 'club'));
    expect(droppedBy(() => desk.givePassword(1, 1))).toEqual([]);
    expect(droppedBy(() => desk.givePassword(2, 1))).toEqual([]);
    const changed = { ...withPassword, passwordId: 2 };
    expect(setRules('club', changed)).toEqual(of('member', 'bar', 'club'));
  });

  test('a place in the tree, for the room and what is below', () => {
    const move = { type: 'moveRoom', roomId: 'lobby', parentId: 'bar' } as const;
    expect(drops(move)).toEqual(guestAndMember('corner', 'lobby'));
    expect(drops(move)).toEqual([]);
  });

  test('a room that is removed, for everybody', () => {
    const dropped = drops({ type: 'removeRoom', roomId: 'corner' });
    expect(dropped).toEqual(users.map((user) => `${user} corner`));
  });

  test('a group of the server, for those who come and go, where it counts', () => {
    const forGroup = entry({ principal: { type: 'group', groupId: 'band' } }, 'speak');
    setRules('bar', { entries: [forGroup] });
    const group = { groupId: 'band', roomId: null, grants: 0, memberIds: new Set(['guest']) };
    expect(drops({ type: 'setGroup', group })).toEqual(of('guest', 'bar'));
    const granting = { ...group, grants: permissionSet(['link']) };
    const inherited = ['corner', 'lobby', 'root'];
    expect(drops({ type: 'setGroup', group: granting })).toEqual(of('guest', ...inherited));
    const joined = { ...granting, memberIds: new Set(['guest', 'member']) };
    expect(drops({ type: 'setGroup', group: joined })).toEqual(of('member', 'bar', ...inherited));
    const removed = drops({ type: 'removeGroup', groupId: 'band' });
    expect(removed).toEqual(guestAndMember('bar', ...inherited));
    expect(drops({ type: 'removeGroup', groupId: 'band' })).toEqual([]);
  });

  test('a group of a room, where it is known', () => {
    const forGroup = entry({ principal: { type: 'group', groupId: 'band' } }, 'speak');
    for (const roomId of ['bar', 'lobby']) setRules(roomId, { entries: [forGroup] });
    const group = { groupId: 'band', roomId: 'club', grants: 0, memberIds: new Set(['guest']) };
    expect(drops({ type: 'setGroup', group })).toEqual(of('guest', 'bar'));
  });

  test('what a role grants, for those with the role', () => {
    const grants = permissionSet(['traverse', 'enter', 'speak', 'listen', 'text']);
    const change = { type: 'setGrants', role: 'guest', grants } as const;
    expect(drops(change)).toEqual(of('guest', 'corner', 'lobby', 'root'));
    expect(drops(change)).toEqual([]);
    expect(drops({ type: 'setGrants', role: 'owner', grants })).toEqual([]);
  });

  test('a role, for its user, where the two differ', () => {
    const promote = { type: 'setRole', userId: 'guest', role: 'member' } as const;
    expect(drops(promote)).toEqual(of('guest', 'corner', 'lobby', 'root'));
    setRules('bar', { entries: [entry({ principal: { type: 'role', role: 'guest' } }, 'text')] });
    const demote = { type: 'setRole', userId: 'guest', role: 'guest' } as const;
    expect(drops(demote)).toEqual(of('guest', 'bar', 'corner', 'lobby', 'root'));
    setRules('club', { requiredRole: 'member', inherits: false });
    expect(drops(promote)).toEqual(of('guest', ...allRooms));
    const owner = { type: 'setRole', userId: 'owner', role: 'admin' } as const;
    expect(drops(owner)).toEqual(of('owner', ...allRooms));
  });
});

test('keeps no answer about a room that there is not', () => {
  expect(desk.can(2, 'enter', 'attic')).toBe(false);
  expect(desk.can(2, 'kick', 'attic')).toBe(false);
  expect(desk.allowedIn(2, 'attic')).toBe(0);
  desk.apply({ type: 'addRoom', roomId: 'attic', parentId: rootRoomId });
  expect(desk.can(2, 'enter', 'attic')).toBe(true);
});

test('forgets passwords and answers with the session', () => {
  setRules('lobby', { passwordId: 1 });
  desk.givePassword(0, 1);
  expect(desk.can(0, 'enter', 'lobby')).toBe(true);
  desk.close(0);
  desk.open(0, 'guest');
  expect(desk.can(0, 'enter', 'lobby')).toBe(false);
});

describe('with 50,000 answers known', () => {
  const [sessions, roomsEach] = [1_000, 49];
  const rooms = Array.from({ length: roomsEach }, (_, index) => `room ${index}`);
  const grants = permissionSet(['traverse', 'enter', 'speak']);

  /** Steps through maps of answers while something is done. */
  function stepsOf(act: () => void): number {
    const methods = (['get', 'set', 'has', 'delete', 'keys'] as const).map((name) =>
      vi.spyOn(Map.prototype, name),
    );
    act();
    const steps = methods.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    for (const method of methods) method.mockRestore();
    return steps;
  }

  beforeEach(() => {
    desk = new PermissionDesk('guest');
    for (const roomId of rooms) desk.apply({ type: 'addRoom', roomId, parentId: rootRoomId });
    for (let token = 0; token < sessions; token++) {
      desk.open(token, `user ${token}`);
      for (const roomId of [rootRoomId, ...rooms]) desk.allowedIn(token, roomId);
    }
  });

  test('a change steps through sessions, not through answers', () => {
    let dropped: ReturnType<PermissionDesk['apply']> = [];
    const steps = stepsOf(() => {
      dropped = desk.apply({ type: 'setGrants', role: 'guest', grants });
    });
    expect(dropped).toHaveLength(sessions);
    expect(new Set(dropped.map(({ roomIds }) => roomIds)).size).toBe(1);
    expect(dropped[0]!.roomIds.size).toBe(1 + roomsEach);
    expect(steps).toBeLessThan(10 * sessions);
    expect(desk.allowedIn(7, rooms[3]!)).toBe(grants);
  });

  test('and an answer that still holds is not worked out again after many changes', () => {
    const about = (roomId: string, index: number): void => {
      const entries = [entry({}, index % 2 === 0 ? 'link' : 'react')];
      desk.apply({ type: 'setRules', roomId, rules: { ...defaultRoomRules, entries } });
    };
    for (let index = 0; index < 20; index++) about(rooms[1 + (index % 40)]!, index);
    // One look for the asker, one for the answer.
    expect(stepsOf(() => desk.allowedIn(7, rooms[0]!))).toBe(2);
    expect(stepsOf(() => desk.allowedIn(7, rooms[1]!))).toBeGreaterThan(2);
    for (let index = 0; index < 100; index++) about(rooms[2]!, index);
    expect(desk.can(7, 'react', rooms[2]!)).toBe(true);
    expect(desk.can(7, 'link', rooms[2]!)).toBe(false);
  });
});
