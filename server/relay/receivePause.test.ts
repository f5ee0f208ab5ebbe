import { expect, test } from 'vitest';
import { stageLimits } from '../testing/relayStage.js';
import { ReceivePause } from './receivePause.js';

const { pausePacketsPerSecondMin, pausePacketsPerSecondMax, receivePauseUsMax } = stageLimits;

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

test('a pause grows with the packets that come, up to its bound', () => {
  const rates = [1.1, 1.5, 2, 3].map((factor) => factor * pausePacketsPerSecondMin);
  const pauses = rates.map((rate) => pauseAt(rate, 5_000));
  for (let i = 1; i < pauses.length; i++) expect(pauses[i]).toBeGreaterThan(pauses[i - 1]!);
  expect(pauseAt(10 * pausePacketsPerSecondMax, 5_000)).toBe(receivePauseUsMax);
});

test('a pause ends soon after the packets do', () => {
  const nowMs = Float64Array.of(5_000);
  const pause = new ReceivePause(stageLimits, nowMs);
  pause.count(100_000);
  expect(pause.pauseUs).toBe(receivePauseUsMax);
  nowMs[0]! += 5_000;
  pause.count(1);
  expect(pause.pauseUs).toBe(0);
});
