import { permissions, permissionSet } from '@rookery/schemas/permissions';
import { expect, test } from 'vitest';
import {
  isSameDraft,
  movedEntry,
  nextSay,
  sayOf,
  shownPermissions,
  withEntry,
  withNewEntry,
  withSay,
  type AccessDraft,
} from './accessDraft.js';
import { decideDraft, type AccessKnowledge } from './draftDecision.js';

const [roomId, rootId] = ['room', '00000000-0000-0000-0000-000000000000'];
const nothing: AccessDraft = { entries: [], inherits: true };

function rulesOf(id: string) {
  const doors = { requiredRole: null, hasPassword: false, names: [] };
  return { type: 0 as never, roomId: id, version: 1, ...nothing, ...doors };
}

const known: AccessKnowledge = {
  path: [roomId, rootId],
  rules: new Map([roomId, rootId].map((id) => [id, rulesOf(id)])),
  groups: [
    { groupId: 'g', roomId: null, name: 'G', grants: 0, members: [{ id: 'bob', name: 'Bob' }] },
  ],
  grants: [permissionSet(['traverse', 'speak']), 0, 0, 0, 0],
  everyoneIs: 'guest',
  roleOf: new Map([['ada', 'owner']]),
};

test('a table shows every permission once', () => {
  expect([...shownPermissions].sort()).toEqual([...permissions].sort());
});

test('an entry says of a permission what it was told, and of others what it did', () => {
  const [entry] = withNewEntry(nothing, { type: 'everyone' }).entries;
  const denying = withSay(withSay(entry!, 'text', 'grants'), 'speak', 'denies');
  expect([sayOf(denying, 'text'), sayOf(denying, 'speak')]).toEqual(['grants', 'denies']);
  expect(sayOf(withSay(denying, 'speak', 'nothing'), 'speak')).toBe('nothing');
  expect([nextSay('nothing'), nextSay('grants'), nextSay('denies')]).toEqual([
    ...['grants', 'denies', 'nothing'],
  ]);
});

test('entries keep within their list when they are moved', () => {
  const two = withNewEntry(withNewEntry(nothing, { type: 'everyone' }), {
    type: 'user',
    userId: 'bob',
  });
  expect(movedEntry(two, 0, -1)).toBe(two);
  expect(movedEntry(two, 1, 1)).toBe(two);
  expect(movedEntry(two, 0, 1).entries[0]?.principal.type).toBe('user');
  expect(isSameDraft(movedEntry(movedEntry(two, 0, 1), 0, 1), two)).toBe(true);
  expect(isSameDraft(movedEntry(two, 0, 1), two)).toBe(false);
});

test('a draft is decided as the server would decide it', () => {
  const bob = { type: 'user', userId: 'bob' } as const;
  expect(decideDraft(known, nothing, bob, 'speak')).toEqual({
    allowed: true,
    rule: { type: 'role', role: 'guest' },
  });
  const draft = withNewEntry(nothing, { type: 'group', groupId: 'g' });
  const denying = withEntry(draft, 0, withSay(draft.entries[0]!, 'speak', 'denies'));
  expect(decideDraft(known, denying, bob, 'speak')).toMatchObject({
    allowed: false,
    rule: { type: 'entry', index: 0 },
  });
  const guest = { type: 'role', role: 'guest' } as const;
  expect(decideDraft(known, denying, guest, 'speak').allowed).toBe(true);
  const ada = { type: 'user', userId: 'ada' } as const;
  expect(decideDraft(known, denying, ada, 'speak').rule).toEqual({ type: 'owner' });
  expect(decideDraft(known, { ...nothing, inherits: false }, bob, 'speak').allowed).toBe(false);
});
