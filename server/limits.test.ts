import { describe, expect, test } from 'vitest';
import { assertControlLimits, controlLimits, type ControlLimits } from './limits.js';

const { state, session, password, broadcast } = controlLimits;

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
    ['updates that no client reads', { broadcast: { ...broadcast, changesPerUpdateMax: 70_000 } }],
  ];
  test.each(contradictions)('are refused with %s', (_what, change) => {
    expect(() => assertControlLimits({ ...controlLimits, ...change })).toThrow();
  });
});
