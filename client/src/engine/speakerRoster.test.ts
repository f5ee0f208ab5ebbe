import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { defaultRoom, defaultSession } from '@rookery/schemas/protocol';
import { initialState, type State } from './engineState.js';
import { fixedView } from './testing/fixedView.js';
import { SpeakerRoster } from './speakerRoster.js';

const own = 1;

interface Hearing {
  /** Rooms linked to room a. */
  readonly linked?: readonly string[];
  /** Rooms that the own session listens to. */
  readonly listeningTo?: readonly string[];
  /** Token of who goes before others. */
  readonly priority?: number;
}

/** A State in which these sessions are in these rooms. */
function stateOf(
  places: Readonly<Record<number, string | null>>,
  { linked = [], listeningTo = [], priority }: Hearing = {},
): State {
  const rooms = ['a', 'b', 'c', 'd'].map((roomId) => ({
    ...{ ...defaultRoom, roomId, parentId: null, name: roomId },
    linkedRoomIds: roomId === 'a' ? linked : [],
  }));
  const sessions = Object.entries(places).map(([token, roomId]) => ({
    ...defaultSession,
    sessionToken: Number(token),
    userId: '',
    displayName: `name ${token}`,
    roomId,
    listeningTo: Number(token) === own ? listeningTo : [],
    isPrioritySpeaker: Number(token) === priority,
  }));
  return {
    ...initialState,
    connection: {
      phase: 'connected',
      address: { host: 'a', port: 1 },
      serverName: '',
      fingerprint: '',
      pin: 'known',
      userId: '',
      sessionToken: own,
    },
    view: fixedView(rooms, sessions, own),
  };
}

let calls: string[];
let roster: SpeakerRoster;
beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  roster = new SpeakerRoster({
    addSpeaker: (token, name) => calls.push(`+${token} ${name}`),
    removeSpeaker: (token) => calls.push(`-${token}`),
    setPriority: (token, hasPriority) => calls.push(`${hasPriority ? '!' : '.'}${token}`),
  });
});
afterEach(() => {
  roster.close();
  vi.useRealTimers();
});

describe('SpeakerRoster', () => {
  it('adds the others of the own room, each once', () => {
    roster.follow(stateOf({ 1: 'a', 2: 'a', 3: 'b', 4: null }));
    roster.follow(stateOf({ 1: 'a', 2: 'a', 3: 'a', 4: null }));
    expect(calls).toEqual(['+2 name 2', '+3 name 3']);
  });

  it('adds who is in rooms that are linked to the own one, or listened to', () => {
    const places = { 1: 'a', 2: 'b', 3: 'c', 4: 'd' };
    roster.follow(stateOf(places, { linked: ['b'], listeningTo: ['d'] }));
    expect(calls).toEqual(['+2 name 2', '+4 name 4']);
  });

  it('adds who is in the own call, by the name that they have in the talk', () => {
    const others = [2, 3].map((sessionToken) => ({ sessionToken, userId: `user ${sessionToken}` }));
    const flags = { muted: false, deafened: false, isReconnecting: false, isRecording: false };
    const inCall = (...members: readonly { sessionToken: number; userId: string }[]): State => ({
      ...stateOf({ [own]: null, 2: null }),
      talks: [
        {
          ...{ talkId: 'talk', type: RoomType.Group, name: 'Talk' },
          participants: [{ userId: 'user 3', displayName: 'Carla' }],
        },
      ],
      calls: new Map([
        [
          'talk',
          {
            ...{ talkId: 'talk', startedAtMs: 1, ringingUserIds: [], declinedUserIds: [] },
            members: members.map((member) => ({ ...member, ...flags })),
          },
        ],
      ]),
    });
    roster.follow(inCall(...others));
    roster.follow(inCall({ sessionToken: own, userId: 'own' }, ...others));
    expect(calls).toEqual(['+2 name 2', '+3 Carla']);
    roster.follow(stateOf({ [own]: null, 2: null }));
    vi.runAllTimers();
    expect(calls.slice(2)).toEqual(['-2', '-3']);
  });

  it('lets a speaker who left finish, and keeps one who comes back', () => {
    roster.follow(stateOf({ 1: 'a', 2: 'a', 3: 'a' }));
    roster.follow(stateOf({ 1: 'a', 2: 'b', 3: 'b' }));
    roster.expect(2, stateOf({ 1: 'a', 2: 'b' }), 'room');
    roster.follow(stateOf({ 1: 'a', 2: 'b', 3: 'a' }));
    expect(calls).toEqual(['+2 name 2', '+3 name 3']);
    vi.runAllTimers();
    expect(calls.slice(2)).toEqual(['-2']);
  });

  it('adds a speaker whose voice is faster than the view, by name once that is known', () => {
    roster.expect(2, stateOf({ 1: 'a' }), 'room');
    roster.expect(3, stateOf({ 1: 'a', 3: 'b' }), 'room');
    roster.follow(stateOf({ 1: 'a', 3: 'a' }));
    expect(calls).toEqual(['+2 session 2', '+3 name 3']);
  });

  it('keeps who whispers from elsewhere for as long as they are connected', () => {
    roster.expect(2, stateOf({ 1: 'a', 2: 'b' }), 'whisper');
    roster.follow(stateOf({ 1: 'a', 2: 'b' }));
    roster.follow(stateOf({ 1: 'a', 2: 'c' }));
    vi.runAllTimers();
    expect(calls).toEqual(['+2 name 2']);
    roster.follow(stateOf({ 1: 'a' }));
    vi.runAllTimers();
    expect(calls).toEqual(['+2 name 2', '-2']);
  });

  it('begins anew when the session is lost', () => {
    roster.follow(stateOf({ 1: 'a', 2: 'a' }));
    const reason = { code: 'disconnected', message: '' } as const;
    const address = { host: 'a', port: 1 };
    roster.follow({ ...stateOf({}), connection: { phase: 'reconnecting', address, reason } });
    expect(calls).toEqual(['+2 name 2', '-2']);
    roster.follow(stateOf({ 1: 'a', 2: 'a' }));
    expect(calls.slice(2)).toEqual(['+2 name 2']);
  });

  it('tells who goes before others, once, and anew of who comes back', () => {
    const places = { 1: 'a', 2: 'a', 3: 'a' };
    roster.follow(stateOf(places, { priority: 2 }));
    roster.follow(stateOf({ ...places, 4: 'b' }, { priority: 2 }));
    roster.follow(stateOf(places, { priority: 3 }));
    expect(calls).toEqual(['+2 name 2', '!2', '+3 name 3', '.2', '!3']);
    roster.follow(stateOf({ 1: 'a', 2: 'a' }));
    vi.runAllTimers();
    roster.follow(stateOf(places, { priority: 3 }));
    expect(calls.slice(5)).toEqual(['-3', '+3 name 3', '!3']);
  });

  it('follows the own session to another room', () => {
    roster.follow(stateOf({ 1: 'a', 2: 'a', 3: 'b' }));
    roster.follow(stateOf({ 1: 'b', 2: 'a', 3: 'b' }));
    vi.runAllTimers();
    expect(calls).toEqual(['+2 name 2', '+3 name 3', '-2']);
  });
});
