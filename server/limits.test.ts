import { describe, expect, test } from 'vitest';
import type { ControlLimits, VoiceLimits } from './limits.js';
import { assertControlLimits, assertVoiceLimits, controlLimits, voiceLimits } from './limits.js';

const { state, session, password, broadcast, talks, calls } = controlLimits;

describe('limits of the control plane', () => {
  test('agree with each other', () => {
    expect(() => assertControlLimits(controlLimits)).not.toThrow();
  });

  const contradictions: [string, Partial<ControlLimits>][] = [
    ['more sessions than a view can carry', { state: { ...state, sessionsMax: 60_000 } }],
    ['an outbox below one view', { session: { ...session, outboxBytesMax: 100_000 } }],
    ['a login time below the queue', { session: { ...session, loginTimeoutMs: 2_000 } }],
    ['weak Argon2id', { password: { ...password, passes: 2 } }],
    ['control frames below Auth', { session: { ...session, controlPayloadBytesMax: 1_024 } }],
    ['more talks than a list carries', { talks: { ...talks, directMax: 2_000 } }],
    ['talks of more users than are named', { talks: { ...talks, usersMax: 33 } }],
    ['no call', { calls: { ...calls, callsMax: 0 } }],
    ['rings that end late', { calls: { ...calls, ringMs: 2 * session.sweepIntervalMs } }],
    ['updates that no client reads', { broadcast: { ...broadcast, changesPerUpdateMax: 70_000 } }],
  ];
  test.each(contradictions)('are refused with %s', (_what, change) => {
    expect(() => assertControlLimits({ ...controlLimits, ...change })).toThrow();
  });
});

describe('limits of the voice plane', () => {
  test('agree with each other', () => {
    expect(() => assertVoiceLimits(voiceLimits)).not.toThrow();
  });

  const contradictions: [string, Partial<VoiceLimits>][] = [
    ['more sessions than a token names', { sessionsMax: 2 ** 20 + 1 }],
    ['no room', { roomsMax: 0 }],
    ['a packet a frame and none for pings', { packetsPerFrame: 1 }],
    ['a burst below a second', { packetsBurst: 59 }],
    ['a budget that is no small integer', { packetsBurst: 1e6 }],
    ['fewer bytes than the bitrate makes', { bitrateHeadroom: 1 }],
    ['a window that shrinks with the load', { bundleIdleFramesPerSecond: 200_000 }],
    ['rings below a datagram for everybody', { ringBytes: 65_536 }],
    ['a pause in which nothing comes', { pausePacketsPerSecondMin: 400 }],
    ['no place for a frame to wait', { bundlesMax: 0 }],
    ['a window as long as a frame', { bundleWindowMs: 20 }],
    ['a worker that looks too late', { idleWaitMsMax: 2_000 }],
    ['a second without voice', { restartDelayMsMax: 1_000 }],
  ];
  test.each(contradictions)('are refused with %s', (_what, change) => {
    expect(() => assertVoiceLimits({ ...voiceLimits, ...change })).toThrow();
  });
});
