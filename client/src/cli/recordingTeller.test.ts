import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import { beforeEach, expect, it } from 'vitest';
import { initialState, type State } from '../engine/engineState.js';
import { fixedView } from '../engine/testing/fixedView.js';
import { RecordingTeller } from './recordingTeller.js';

const [gamesId, farId] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
];
const userId = '00000000-0000-4000-8000-0000000000aa';
const talkId = '00000000-0000-4000-8000-0000000000bb';
const rooms: RoomInfo[] = [
  { ...defaultRoom, roomId: rootRoomId, parentId: null, name: 'Lobby', linkedRoomIds: [gamesId] },
  {
    ...defaultRoom,
    roomId: gamesId,
    parentId: rootRoomId,
    name: 'Games',
    linkedRoomIds: [rootRoomId],
  },
  { ...defaultRoom, roomId: farId, parentId: rootRoomId, name: 'Far' },
];
const ada: SessionInfo = {
  ...defaultSession,
  sessionToken: 1,
  userId,
  displayName: 'Ada',
  roomId: gamesId,
};
const recorder: SessionInfo = { ...ada, isRecording: true };

let told: string[];
let teller: RecordingTeller;

beforeEach(() => {
  told = [];
  teller = new RecordingTeller({ progress: (_, words) => void told.push(words) });
});

function stateWith(...others: readonly SessionInfo[]): State {
  const connection = { phase: 'connected', sessionToken: 1, userId } as State['connection'];
  return { ...initialState, connection, view: fixedView(rooms, [ada, ...others], 1) };
}

function inCall(isRecording: boolean): State {
  const flags = { muted: false, deafened: false, isReconnecting: false };
  const members = [
    { sessionToken: 1, userId, ...flags, isRecording: true },
    { sessionToken: 2, userId: farId, ...flags, isRecording },
  ];
  const call = { talkId, startedAtMs: 0, members, ringingUserIds: [], declinedUserIds: [] };
  return { ...stateWith(), calls: new Map([[talkId, call]]) };
}

it('tells once who records where one is heard, over links and from elsewhere too', () => {
  const bob = { ...recorder, sessionToken: 2, displayName: 'Bob' };
  const linked = { ...recorder, sessionToken: 3, displayName: 'Lin', roomId: farId };
  const listening = { ...linked, displayName: 'Lin', listeningTo: [rootRoomId] };
  teller.follow(stateWith({ ...ada, sessionToken: 2 }));
  teller.follow(stateWith(bob, linked));
  teller.follow(stateWith(bob, linked));
  expect(told).toEqual(['Bob records what is said here']);
  teller.follow(stateWith(bob, listening));
  expect(told.slice(1)).toEqual(['Lin records what is said here']);
  teller.follow(stateWith({ ...bob, isRecording: false }));
  expect(told.slice(2)).toEqual([
    'Bob does not record here any more',
    'Lin does not record here any more',
  ]);
});

it('tells nothing of the own, and keeps what it knew while the connection is lost', () => {
  const bob = { ...recorder, sessionToken: 2, displayName: 'Bob' };
  teller.follow(stateWith(bob));
  teller.follow({ ...stateWith(), connection: { phase: 'idle' } });
  teller.follow(stateWith(bob));
  expect(told).toEqual(['Bob records what is said here']);
});

it('tells who records the call in which one is', () => {
  teller.follow(inCall(false));
  expect(told).toEqual([]);
  teller.follow(inCall(true));
  teller.follow(inCall(false));
  expect(told).toEqual([
    `${farId} records what is said here`,
    `${farId} does not record here any more`,
  ]);
});
