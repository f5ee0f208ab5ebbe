import type { CallInfo } from '@rookery/schemas/messages';
import { beforeEach, expect, test } from 'vitest';
import { initialState, type State } from '../engine/engineState.js';
import { MissedCalls } from './missedCalls.js';

const own = '11111111-1111-4111-8111-111111111111';
const ben = '22222222-2222-4222-8222-222222222222';
const talkId = '33333333-3333-4333-8333-333333333333';

const callOf = (change: Partial<CallInfo>): CallInfo => ({
  ...{ talkId, startedAtMs: 5_000, members: [member(ben)] },
  ...{ ringingUserIds: [], declinedUserIds: [], ...change },
});
const member = (userId: string): CallInfo['members'][number] =>
  ({ userId, sessionToken: 1 }) as CallInfo['members'][number];

function stateWith(
  call: CallInfo | null,
  phase: 'connected' | 'disconnected' = 'connected',
): State {
  const connection = { phase, userId: own } as unknown as State['connection'];
  return { ...initialState, connection, calls: new Map(call === null ? [] : [[talkId, call]]) };
}

let calls: MissedCalls;
beforeEach(() => {
  calls = new MissedCalls();
  calls.follow(stateWith(callOf({ ringingUserIds: [own] })));
});

test.each([
  ['whoever called gave up', null],
  ['others went on without', callOf({ members: [member(ben)] })],
])('keeps a call that rang in vain: %s', (_name, after) => {
  expect(calls.all.size).toBe(0);
  expect(calls.follow(stateWith(after))).toBe(true);
  expect([...calls.all]).toEqual([[talkId, 5_000]]);
  expect(calls.follow(stateWith(after))).toBe(false);
});

test.each([
  ['taken', callOf({ members: [member(ben), member(own)] })],
  ['declined', callOf({ declinedUserIds: [own] })],
])('keeps no call that was %s', (_name, after) => {
  expect(calls.follow(stateWith(after))).toBe(false);
  expect(calls.all.size).toBe(0);
});

test('knows nothing of calls of a connection that was lost', () => {
  calls.follow(stateWith(null, 'disconnected'));
  calls.follow(stateWith(null));
  expect(calls.all.size).toBe(0);
});

test('forgets a call when its talk is looked at, and keeps it beyond the connection', () => {
  calls.follow(stateWith(null));
  calls.follow(stateWith(null, 'disconnected'));
  expect(calls.all.size).toBe(1);
  calls.forget(talkId);
  expect(calls.all.size).toBe(0);
});

test('keeps no more calls than anybody calls back', () => {
  for (let i = 0; i < 300; i++) {
    const id = `33333333-3333-4333-8333-${String(i).padStart(12, '0')}`;
    const call = callOf({ talkId: id, ringingUserIds: [own] });
    calls.follow({ ...stateWith(null), calls: new Map([[id, call]]) });
  }
  calls.follow(stateWith(null));
  expect(calls.all.size).toBe(256);
  expect([...calls.all.keys()].at(-1)).toContain('000299');
});
