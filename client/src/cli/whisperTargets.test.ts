import type { FoundUser } from '@rookery/schemas/messages';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { initialState } from '../engine/engineState.js';
import { fixedView } from '../engine/testing/fixedView.js';
import { whisperTargets } from './whisperTargets.js';

const den = '00000000-0000-4000-8000-00000000000d';
const cleoId = '00000000-0000-4000-8000-00000000000c';
const users: readonly FoundUser[] = [
  { userId: 'a', displayName: 'Anna', online: true, lastSeenMs: 0 },
  { userId: 'b', displayName: 'Robin', online: true, lastSeenMs: 0 },
  { userId: 'c', displayName: 'Robin', online: true, lastSeenMs: 0 },
  { userId: 'd', displayName: 'Robin', online: false, lastSeenMs: 0 },
  { userId: 'e', displayName: 'Lobby', online: true, lastSeenMs: 0 },
  { userId: 'f', displayName: 'Wren', online: false, lastSeenMs: 0 },
  { userId: 'g', displayName: 'Wren', online: true, lastSeenMs: 0 },
  { userId: 'h', displayName: 'Dora', online: false, lastSeenMs: 0 },
];
// Nobody is shown: whom one may whisper to is asked of the server.
const view = fixedView(
  [
    { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom },
    { roomId: den, parentId: rootRoomId, name: 'Den', ...defaultRoom },
  ],
  [],
);
const engine = {
  state: { ...initialState, view },
  talks: {
    findUsers: (name: string) =>
      Promise.resolve(users.filter(({ displayName }) => displayName === name)),
  },
} as unknown as Pick<Engine, 'state' | 'talks'>;

it('finds people by name and rooms by path, rooms first', async () => {
  expect(await whisperTargets(engine, ['Anna', 'Lobby/Den', 'Lobby'], 'alone')).toEqual({
    userIds: ['a'],
    roomIds: [den, rootRoomId],
    withChildren: false,
  });
  expect(await whisperTargets(engine, ['Lobby'], 'withChildren')).toMatchObject({
    withChildren: true,
  });
});

it('takes ids, who is not here yet, and of those of one name who is here', async () => {
  expect(await whisperTargets(engine, [cleoId, 'Dora', 'Wren'], 'alone')).toMatchObject({
    userIds: [cleoId, 'h', 'g'],
  });
});

it.each([
  ['Berta', 'nobody called "Berta"'],
  ['Lobby/Nowhere', 'no room "Lobby/Nowhere"'],
  ['Robin', '2 people are called "Robin"'],
])('refuses %s', async (name, words) => {
  await expect(whisperTargets(engine, ['Anna', name], 'alone')).rejects.toThrow(words);
});
