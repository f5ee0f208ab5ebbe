import assert from 'node:assert/strict';

/** When a server that stands still is ended. */
export interface WatchdogLimits {
  readonly heartbeatMs: number;
  /** Several beats, so that one that is late is not missed. */
  readonly lookIntervalMs: number;
  /** Longer than any work of the main thread; until then voice goes on, and people wait. */
  readonly stuckMsMax: number;
}

/** How often a server that ended by itself is started again. */
export interface SupervisorLimits {
  /** A run of this length was no failed start. */
  readonly healthyMs: number;
  /** Short runs in a row after which a restart is no help. */
  readonly failuresInRowMax: number;
  /** Before the first restart; doubled before each that follows a short run. */
  readonly restartDelayMsMin: number;
  readonly restartDelayMsMax: number;
  /** A server that was told to make room for the next one and has not by then is killed. */
  readonly exchangeMsMax: number;
}

export const watchdogLimits: WatchdogLimits = {
  heartbeatMs: 250,
  lookIntervalMs: 1_000,
  stuckMsMax: 10_000,
};

export const supervisorLimits: SupervisorLimits = {
  healthyMs: 60_000,
  failuresInRowMax: 5,
  restartDelayMsMin: 100,
  restartDelayMsMax: 10_000,
  // An orderly stop takes a few seconds; one that hangs as it starts never hears of it.
  exchangeMsMax: 20_000,
};

/** @throws AssertionError for limits that contradict each other: a bug, not an operating fault. */
export function assertWatchdogLimits({
  heartbeatMs,
  lookIntervalMs,
  stuckMsMax,
}: WatchdogLimits): void {
  assert(heartbeatMs * 2 <= lookIntervalMs, 'a look finds a beat');
  assert(lookIntervalMs < stuckMsMax, 'a thread is looked at while it is stuck');
}
