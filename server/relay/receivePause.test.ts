import { expect, test } from 'vitest';
import { stageLimits } from '../testing/relayStage.js';
import { ReceivePause } from './receivePause.js';

const { pausePacketsPerSecondMin, receivePauseUs } = stageLimits;

/** Packets at a steady rate for a while. @returns the pause in the end */
function pauseAt(packetsPerSecond: number, milliseconds: number): number {
  const nowMs = Float64Array.of(5_000);
  const pause = new ReceivePause(stageLimits, nowMs);
  for (let ms = 0; ms < milliseconds; ms++) {
    nowMs[0]!++;
    pause.count(packetsPerSecond / 1_000);
  }
  return pause.pauseUs;
}

test('a relay to which few packets come never pauses', () => {
  expect(pauseAt(0, 10)).toBe(0);
  expect(pauseAt(pausePacketsPerSecondMin * 0.9, 5_000)).toBe(0);
});

test('a relay to which many packets come lets them gather', () => {
  for (const factor of [1.1, 2, 10]) {
    expect(pauseAt(factor * pausePacketsPerSecondMin, 5_000)).toBe(receivePauseUs);
  }
});

test('a pause ends soon after the packets do', () => {
  const nowMs = Float64Array.of(5_000);
  const pause = new ReceivePause(stageLimits, nowMs);
  pause.count(100_000);
  expect(pause.pauseUs).toBe(receivePauseUs);
  nowMs[0]! += 5_000;
  pause.count(1);
  expect(pause.pauseUs).toBe(0);
});
