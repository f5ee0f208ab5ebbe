import { describe, expect, it } from 'vitest';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { initialState, type State } from './engineState.js';
import { roomToReturnTo, standingOf } from './standing.js';
import { fixedView } from './testing/fixedView.js';
import type { View } from './view.js';

const den = '00000000-0000-4000-8000-00000000000d';
const newDen = '00000000-0000-4000-8000-00000000000e';

function viewWith(denId: string | null): View {
  const voice = defaultRoom;
  const rooms = [{ roomId: rootRoomId, parentId: null, name: 'Lobby', ...voice }];
  const more =
    denId === null ? [] : [{ roomId: denId, parentId: rootRoomId, name: 'Den', ...voice }];
  const own = {
    ...defaultSession,
    sessionToken: 7,
    userId: rootRoomId,
    displayName: 'Anna',
    roomId: den,
    muted: true,
    isRecording: true,
  };
  return fixedView([...rooms, ...more], [own], own.sessionToken);
}

const state: State = {
  ...initialState,
  connection: {
    phase: 'connected',
    address: { host: 'host', port: 1 },
    serverName: 'Rookery',
    fingerprint: '',
    pin: 'known',
    userId: rootRoomId,
    sessionToken: 7,
  },
  view: viewWith(den),
};

describe('where somebody was', () => {
  it('is the room with its path, and what they said of themselves', () => {
    expect(standingOf(state)).toEqual({
      roomId: den,
      roomPath: 'Lobby/Den',
      callTalkId: null,
      muted: true,
      deafened: false,
      isRecording: true,
    });
    expect(standingOf(initialState)).toEqual({
      roomId: null,
      roomPath: null,
      callTalkId: null,
      muted: false,
      deafened: false,
      isRecording: false,
    });
  });

  it('is the call, too', () => {
    const talkId = '00000000-0000-4000-8000-00000000000f';
    const flags = { muted: false, deafened: false, isReconnecting: false, isRecording: false };
    const members = [{ sessionToken: 7, userId: rootRoomId, ...flags }];
    const call = { talkId, startedAtMs: 1, members, ringingUserIds: [], declinedUserIds: [] };
    const calls = new Map([[talkId, call]]);
    expect(standingOf({ ...state, calls })).toMatchObject({ callTalkId: talkId });
  });

  it('is returned to by id, else by path, else not at all', () => {
    const standing = standingOf(state);
    expect(roomToReturnTo(viewWith(den), standing)).toBe(den);
    expect(roomToReturnTo(viewWith(newDen), standing)).toBe(newDen);
    expect(roomToReturnTo(viewWith(null), standing)).toBeNull();
    expect(roomToReturnTo(viewWith(den), standingOf(initialState))).toBeNull();
  });
});
