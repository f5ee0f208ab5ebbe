import type { CallInfo } from '@rookery/schemas/messages';
import { newUuid } from '@rookery/schemas/uuid';
import { describe, expect, it } from 'vitest';
import { isRinging, ownCall, ownVoicePlace, withCall, withoutCall } from './calls.js';
import { initialState, type State } from './engineState.js';

const [ownId, talkId, otherTalkId] = [newUuid(), newUuid(), newUuid()];
const ownToken = 7;
const member = (sessionToken: number) => ({
  ...{
    sessionToken,
    userId: newUuid(),
    muted: false,
    deafened: false,
    isReconnecting: false,
    isRecording: false,
  },
});
const call: CallInfo = {
  talkId,
  startedAtMs: 1,
  members: [member(3), member(4)],
  ringingUserIds: [ownId],
  declinedUserIds: [],
};
const connected: State = {
  ...initialState,
  connection: {
    phase: 'connected',
    address: { host: 'host', port: 1 },
    serverName: 'Rookery',
    fingerprint: '',
    pin: 'known',
    userId: ownId,
    sessionToken: ownToken,
  },
};

describe('calls', () => {
  it('follow what is told of each, until nobody is in it', () => {
    const other = { ...call, talkId: otherTalkId };
    let calls = withCall(withCall(new Map(), call), other);
    expect([...calls.values()]).toEqual([call, other]);
    const grown = { ...call, members: [...call.members, member(5)] };
    calls = withCall(calls, grown);
    expect([...calls.values()]).toEqual([grown, other]);
    calls = withCall(calls, { ...call, members: [] });
    expect([...withoutCall(calls, otherTalkId)]).toEqual([]);
    expect([...calls.values()]).toEqual([other]);
  });

  it('ring at the own user while it is said so', () => {
    expect(isRinging(connected, call)).toBe(true);
    expect(isRinging(connected, { ...call, ringingUserIds: [newUuid()] })).toBe(false);
    expect(isRinging(initialState, call)).toBe(false);
  });

  it('are where the own voice goes, in place of a room, while the own session is in one', () => {
    const calls = withCall(new Map(), call);
    expect(ownCall({ ...connected, calls })).toBeNull();
    expect(ownVoicePlace({ ...connected, calls })).toBeNull();
    const own = { ...call, talkId: otherTalkId, members: [member(3), member(ownToken)] };
    const inCall = { ...connected, calls: withCall(calls, own) };
    expect(ownCall(inCall)).toBe(own);
    expect(ownVoicePlace(inCall)).toBe(otherTalkId);
    expect(ownCall({ ...inCall, connection: { phase: 'idle' } })).toBeNull();
  });
});
