import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { CallInfo } from '@rookery/schemas/messages';
import { beforeEach, expect, it } from 'vitest';
import { initialState, type State } from '../engine/engineState.js';
import { CallTeller } from './callTeller.js';

const participants = [
  { userId: 'anna', displayName: 'Anna' },
  { userId: 'berta', displayName: 'Berta' },
];
const talk = { talkId: 'talk', type: RoomType.Direct, name: '', participants } as const;
const connected: State = {
  ...initialState,
  connection: {
    phase: 'connected',
    address: { host: 'host', port: 1 },
    serverName: 'Rookery',
    fingerprint: '',
    pin: 'known',
    userId: 'anna',
    sessionToken: 1,
  },
  talks: [talk],
};

/** A State with a call of these users. */
function stateWith(userIds: readonly string[], change: Partial<CallInfo> = {}): State {
  const members = userIds.map((userId, index) => ({
    ...{
      sessionToken: index + 1,
      userId,
      muted: false,
      deafened: false,
      isReconnecting: false,
      isRecording: false,
    },
  }));
  const call = { talkId: 'talk', startedAtMs: 1, members, ringingUserIds: [], declinedUserIds: [] };
  return { ...connected, calls: new Map([['talk', { ...call, ...change }]]) };
}

let told: string[];
let teller: CallTeller;
beforeEach(() => {
  told = [];
  teller = new CallTeller({ result: ({ event }, words) => void told.push(`${event} ${words}`) });
});

it('tells who rings, comes, goes and declines, each once', () => {
  teller.follow(stateWith(['berta'], { ringingUserIds: ['anna'] }));
  teller.follow(stateWith(['berta'], { ringingUserIds: ['anna'] }));
  teller.follow(stateWith(['berta', 'anna']));
  teller.follow(stateWith(['anna'], { declinedUserIds: ['berta'] }));
  teller.follow(stateWith(['anna'], { declinedUserIds: ['berta'] }));
  teller.follow(connected);
  expect(told).toEqual([
    'callJoined Berta: Berta comes into the call',
    'callRings Berta: you are called',
    'callJoined Berta: Anna comes into the call',
    'callLeft Berta: Berta leaves the call',
    'callDeclined Berta: Berta declines',
    'callOver Berta: the call is over',
  ]);
});

it('tells nothing of a lost connection, and goes on where it is back', () => {
  teller.follow(stateWith(['berta']));
  const address = { host: 'host', port: 1 };
  const reason = { code: 'disconnected', message: '' } as const;
  const connection = { phase: 'reconnecting', address, reason } as const;
  teller.follow({ ...connected, connection, calls: new Map() });
  teller.follow(stateWith(['berta']));
  expect(told).toEqual(['callJoined Berta: Berta comes into the call']);
});
