import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { expect, it } from 'vitest';
import { fixedView } from '../engine/testing/fixedView.js';
import { whisperTargets } from './whisperTargets.js';

const den = '00000000-0000-4000-8000-00000000000d';
const voice = defaultRoom;
const people = [
  { sessionToken: 1, userId: 'a', displayName: 'Anna', ...defaultSession },
  { sessionToken: 2, userId: 'b', displayName: 'Robin', ...defaultSession },
  { sessionToken: 3, userId: 'c', displayName: 'Robin', ...defaultSession },
  { sessionToken: 4, userId: 'd', displayName: 'Lobby', ...defaultSession },
];
const view = fixedView(
  [
    { roomId: rootRoomId, parentId: null, name: 'Lobby', ...voice },
    { roomId: den, parentId: rootRoomId, name: 'Den', ...voice },
  ],
  people,
);

it('finds people by name and rooms by path, rooms first', () => {
  expect(whisperTargets(view, ['Anna', 'Lobby/Den', 'Lobby'], 'alone')).toEqual({
    userIds: ['a'],
    roomIds: [den, rootRoomId],
    withChildren: false,
  });
  expect(whisperTargets(view, ['Lobby'], 'withChildren')).toMatchObject({ withChildren: true });
});

it.each([
  ['Berta', 'nobody called "Berta"'],
  ['Lobby/Nowhere', 'no room "Lobby/Nowhere"'],
  ['Robin', '2 people are called "Robin"'],
])('refuses %s', (name, words) => {
  expect(() => whisperTargets(view, ['Anna', name], 'alone')).toThrow(words);
});
