import type { AclEntry, RoomRulesInfo } from '@rookery/schemas/messages';
import { permissionSet } from '@rookery/schemas/permissions';
import { expect, test } from 'vitest';
import { decideAll, inheritedEntries, pathOf } from './draftDecision.js';

const [root, hall, booth] = ['root', 'hall', 'booth'];
const deny: AclEntry = {
  ...{ principal: { type: 'everyone' }, appliesHere: true, appliesBelow: true },
  ...{ grants: 0, denies: permissionSet(['speak']) },
};

function rules(roomId: string, change: Partial<RoomRulesInfo> = {}): RoomRulesInfo {
  return {
    ...{ roomId, version: 1, entries: [], inherits: true },
    ...{ requiredRole: 'guest', hasPassword: false, names: [] },
    ...change,
  } as RoomRulesInfo;
}

function known(...all: readonly RoomRulesInfo[]) {
  return { path: [booth, hall, root], rules: new Map(all.map((one) => [one.roomId, one])) };
}

const own = { entries: [], inherits: true };

test('a path leads to the root, also where rooms go round in a circle', () => {
  const rooms = new Map([
    [root, { parentId: null }],
    [hall, { parentId: root }],
    [booth, { parentId: hall }],
  ]);
  expect(pathOf(rooms, booth)).toEqual([booth, hall, root]);
  expect(pathOf(rooms.set(root, { parentId: booth }), booth)).toHaveLength(3);
});

test('entries hold below, up to where a room inherits nothing', () => {
  const shown = (knowledge: ReturnType<typeof known>, draft = own) =>
    inheritedEntries(knowledge, draft).map(({ roomId }) => roomId);
  const below = { entries: [deny] };
  expect(shown(known(rules(hall, below), rules(root, below)))).toEqual([hall, root]);
  const closed = known(rules(hall, { ...below, inherits: false }), rules(root, below));
  expect(shown(closed)).toEqual([hall]);
  expect(shown(closed, { ...own, inherits: false })).toEqual([]);
  const here = { entries: [{ ...deny, appliesBelow: false }] };
  expect(shown(known(rules(hall, here), rules(root, below)))).toEqual([root]);
});

test('a draft is decided for every permission at once', () => {
  const knowledge = {
    ...known(rules(booth), rules(hall), rules(root)),
    ...{ groups: [], everyoneIs: 'guest' as const, roleOf: new Map<string, never>() },
    grants: Array.from({ length: 5 }, () => permissionSet(['traverse', 'enter', 'speak'])),
  };
  const subject = { type: 'role', role: 'guest' } as const;
  const decided = decideAll(knowledge, { ...own, entries: [deny] }, subject);
  expect(decided.get('enter')).toMatchObject({ allowed: true });
  expect(decided.get('speak')).toMatchObject({ allowed: false, rule: { type: 'entry' } });
});
