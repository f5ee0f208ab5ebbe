import { expect, test } from 'vitest';
import type { WhisperList } from '@rookery/client/host/whisperLists';
import {
  emptyWhisper,
  faultOfWhisper,
  targetsOf,
  whisperTargetsMax,
  withList,
  withoutTarget,
  withTarget,
} from './whisperDraft.js';

const ben = { kind: 'person', id: 'ben', name: 'Ben' } as const;
const lobby = { kind: 'room', id: 'lobby', name: 'Lobby' } as const;

test('takes people and rooms in once each, and out again', () => {
  const both = withTarget(withTarget(emptyWhisper, lobby), ben);
  expect(targetsOf(both)).toEqual([ben, lobby]);
  const renamed = { ...ben, name: 'Benedict' };
  expect(targetsOf(withTarget(both, renamed))).toEqual([renamed, lobby]);
  expect(targetsOf(withoutTarget(both, lobby))).toEqual([ben]);
  expect(targetsOf(withoutTarget(both, ben))).toEqual([lobby]);
});

test.each(['person', 'room'] as const)('takes in no more of a %s than a list holds', (kind) => {
  let draft = emptyWhisper;
  for (let i = 0; i <= whisperTargetsMax; i++) {
    draft = withTarget(draft, { kind, id: `${i}`, name: '' });
  }
  expect(targetsOf(draft)).toHaveLength(whisperTargetsMax);
  const last = { kind, id: '0', name: 'known' };
  expect(targetsOf(withTarget(draft, last))).toHaveLength(whisperTargetsMax);
});

test('says what a list lacks', () => {
  expect(faultOfWhisper(withTarget({ ...emptyWhisper, name: ' ' }, ben))).toBe('unnamed');
  expect(faultOfWhisper({ ...emptyWhisper, name: 'Officers' })).toBe('forNobody');
  expect(faultOfWhisper(withTarget({ ...emptyWhisper, name: 'Officers' }, lobby))).toBeNull();
});

test('puts a list in the place of what it was', () => {
  const list = (listId: string, name: string): WhisperList => ({
    ...{ ...emptyWhisper, listId, name, key: '', fingerprint: '' },
  });
  const two = withList([list('a', 'A')], list('b', 'B'));
  expect(two.map(({ name }) => name)).toEqual(['A', 'B']);
  expect(withList(two, list('a', 'New')).map(({ name }) => name)).toEqual(['New', 'B']);
});
