import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { beforeEach, expect, it } from 'vitest';
import { initialState, type State } from '../../engineState.js';
import { fixedView } from '../../testing/fixedView.js';
import { newVoiceCounters } from '../../voiceCounters.js';
import { OwnEncoding } from './ownEncoding.js';

let encoding: OwnEncoding;
beforeEach(() => {
  encoding = new OwnEncoding();
});

const userId = '00000000-0000-4000-8000-0000000000aa';
const talkId = '00000000-0000-4000-8000-0000000000bb';

function stateIn(room: { readonly bitrate?: number; readonly frameMs?: number } | null): State {
  const lobby = { ...defaultRoom, ...room, roomId: rootRoomId, parentId: null, name: 'Lobby' };
  const roomId = room === null ? null : rootRoomId;
  const own = { ...defaultSession, sessionToken: 1, userId, displayName: 'Wren', roomId };
  const connection = { phase: 'connected', sessionToken: 1, userId } as State['connection'];
  return { ...initialState, connection, view: fixedView([lobby], [own], 1) };
}

const usual = { bitrate: defaultRoom.bitrate, isFecOn: true, frameMs: 20, expectedLossPct: 10 };

it('is told once for each room, and when the room changes', () => {
  expect(encoding.follow(stateIn(null), null)).toBeNull();
  expect(encoding.follow(stateIn({}), null)).toEqual(usual);
  expect(encoding.follow(stateIn({}), null)).toBeNull();
  const small = { bitrate: 12_000, frameMs: 60 };
  expect(encoding.follow(stateIn(small), null)).toEqual({ ...usual, ...small });
  encoding.forget();
  expect(encoding.follow(stateIn(small), null)).toEqual({ ...usual, ...small });
});

it('is the usual one in a call', () => {
  const member = { sessionToken: 1, userId, muted: false, deafened: false };
  const members = [{ ...member, isReconnecting: false, isRecording: false }];
  const call = { talkId, startedAtMs: 0, members, ringingUserIds: [], declinedUserIds: [] };
  const state = { ...stateIn(null), calls: new Map([[talkId, call]]) };
  expect(encoding.follow(state, null)).toEqual(usual);
});

it('expects the loss of the way that voice takes', () => {
  const open = (path: 'udp' | 'quic'): State => ({
    ...stateIn({}),
    voice: { phase: 'open', path, roundTripMs: 20 },
  });
  const counters = newVoiceCounters();
  encoding.follow(open('quic'), counters);
  counters.pingsSent += 20;
  expect(encoding.follow(open('quic'), counters)).toBeNull();
  counters.pingsSent += 20;
  counters.pongsReceived += 10;
  expect(encoding.follow(open('udp'), counters)).toEqual({ ...usual, expectedLossPct: 30 });
});

it('expects what those who hear it miss, and says so', () => {
  expect(encoding.follow(stateIn({}), null, 18)).toEqual({ ...usual, expectedLossPct: 20 });
  expect(encoding.follow(stateIn({}), null, 19)).toBeNull();
  expect(encoding.losses).toEqual({ expectedLossPct: 20, ownLossPct: 19 });
  expect(encoding.follow(stateIn({}), null, 4)).toEqual(usual);
});
