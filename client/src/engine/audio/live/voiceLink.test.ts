import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultSession } from '@rookery/schemas/protocol';
import { initialState, type State } from '../../engineState.js';
import { fixedView } from '../../testing/fixedView.js';
import { VoiceLink, type SelfState } from './voiceLink.js';

const unmuted: SelfState = { muted: false, deafened: false };
const muted: SelfState = { muted: true, deafened: false };
const frame = { payload: Uint8Array.of(1), timestamp: 0, level: 1, endOfSpurt: false };

let state: State;
let calls: string[];
let openings: { resolve: () => void; reject: (error: Error) => void }[];
let link: VoiceLink;
beforeEach(() => {
  vi.useFakeTimers();
  state = initialState;
  calls = [];
  openings = [];
  const host = {
    get state() {
      return state;
    },
    openVoice: () => {
      calls.push('open');
      return new Promise<void>((resolve, reject) => {
        openings.push({ resolve, reject });
      });
    },
    sendFrame: () => void calls.push('frame'),
    sendWhisper: (whisper: number) => void calls.push(`whisper ${whisper}`),
    setSelfState: (self: SelfState) => {
      calls.push(`muted ${self.muted}, deafened ${self.deafened}`);
      return Promise.reject(new Error('refused'));
    },
  };
  link = new VoiceLink(host, () => undefined);
});
afterEach(() => {
  link.close();
  vi.useRealTimers();
});

/** Shows the link a State. @returns what it did */
function after(
  voice: 'closed' | 'open' | 'failed' | null,
  self = unmuted,
  own = unmuted,
): string[] {
  calls = [];
  const connection = voice === null ? 'reconnecting' : 'connected';
  const session = { ...defaultSession, ...own, sessionToken: 1, userId: '', displayName: '' };
  state = {
    ...initialState,
    connection: { phase: connection, sessionToken: 1 } as State['connection'],
    voice: { phase: voice ?? 'opening' } as State['voice'],
    view: fixedView([], [{ ...session, roomId: null }], 1),
  };
  link.follow(state, self);
  return calls;
}

it('opens voice once there is a connection, and one time only', async () => {
  expect(after(null)).toEqual([]);
  expect(after('closed')).toEqual(['open']);
  expect(after('closed')).toEqual([]);
  openings[0]!.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(after('open')).toEqual([]);
});

it('tries again after a while where voice could not be opened', async () => {
  after('closed');
  openings[0]!.reject(new Error('blocked'));
  await vi.advanceTimersByTimeAsync(0);
  expect(after('failed')).toEqual([]);
  expect(after('failed')).toEqual([]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(calls).toEqual(['open']);
});

it('does not try again where the connection is gone, or the sound', async () => {
  after('closed');
  openings[0]!.reject(new Error('blocked'));
  await vi.advanceTimersByTimeAsync(0);
  after('failed');
  after(null);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual([]);
  after('failed');
  link.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual([]);
});

it('tells the server who is muted: when it changes, and in every session', () => {
  expect(after('open')).toEqual([]);
  expect(after('open', muted)).toEqual(['muted true, deafened false']);
  expect(after('open', muted)).toEqual([]);
  expect(after('open', unmuted)).toEqual(['muted false, deafened false']);
  expect(after(null, muted)).toEqual([]);
  expect(after('open', muted)).toEqual(['muted true, deafened false']);
});

it('tells nothing that the server knows from before', () => {
  expect(after('open', muted, muted)).toEqual([]);
});

it('sends to a whisper alone what was captured while there was one', () => {
  link.send(frame, 1_000);
  link.audience.whisperTo(3);
  link.send(frame, 1_020);
  link.audience.endWhisper(1_050);
  link.send(frame, 1_040);
  link.send(frame, 1_060);
  expect(calls).toEqual(['frame', 'whisper 3', 'whisper 3', 'frame']);
});
