import assert from 'node:assert/strict';

/** Bounds of calls, the voice of talks. */
export interface CallLimits {
  /** Calls at a time: a row of the voice tables each, beside those of the rooms. */
  readonly callsMax: number;
  /** How long it rings at somebody who does nothing. */
  readonly ringMs: number;
}

/** Part of `controlLimits`; that voice has room for them is asserted with those of the server. */
export const callLimits: CallLimits = {
  // Two in five of all who may be there, in calls of two.
  callsMax: 2_048,
  ringMs: 60_000,
};

/** @throws AssertionError for limits that contradict each other */
export function assertCallLimits(
  { callsMax, ringMs }: CallLimits,
  { sweepIntervalMs }: { readonly sweepIntervalMs: number },
): void {
  assert(callsMax >= 1, 'there is a call');
  assert(ringMs > 2 * sweepIntervalMs, 'a ring ends about when it should');
}
