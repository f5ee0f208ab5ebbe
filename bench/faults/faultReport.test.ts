import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../load/loadMessages.js';
import { serverRun } from '../testing/loadResult.js';
import { formatFaultPart, formatFaults, judgeFaults, type FaultResult } from './faultReport.js';
import type { FloodComparison } from './flood.js';
import type { FaultRun } from './relayFaults.js';

const gap = (...silencesMs: number[]): FaultRun => ({
  framesExpected: 1_000,
  framesLost: 1,
  silencesMs,
  delayMaxMs: 300,
  drops: { dropBudget: 2 },
});

function floods(session: Partial<LoadResult>, garbage: Partial<LoadResult> = {}): FloodComparison {
  return {
    speakers: 9,
    capacity: { speakers: 36, framesPerSecond: 1_000_000, boundedBy: 'generator' },
    packetsPerSecond: 20_000,
    sentShare: 1,
    quiet: [serverRun({ delayP99Us: 1_000 })],
    session: [serverRun({ delayP99Us: 3_000, ...session })],
    garbage: [serverRun({ delayP99Us: 3_000, ...garbage })],
  };
}

function resultOf(otherwise: Partial<FaultResult> = {}): FaultResult {
  return {
    crashes: { runs: [gap(400, 21), gap(20, 600)], sessionsLost: 0 },
    stall: { runs: [gap(25)], sessionsLost: 0 },
    kills: { upAfterMs: [800], backAfterMs: [1_500, 1_400, null] },
    floods: floods({}),
    ...otherwise,
  };
}

const verdicts = (result: FaultResult): (boolean | null)[] =>
  judgeFaults(result).map(({ isMet }) => isMet);

describe('targets under faults', () => {
  test('are met where every figure reaches its bound', () => {
    expect(verdicts(resultOf())).toEqual([true, true, true, true]);
  });

  test('are missed one by one', () => {
    const silent = { runs: [gap(1_001), gap(20)], sessionsLost: 0 };
    expect(verdicts(resultOf({ crashes: silent }))[0]).toBe(false);
    const lost = { runs: [gap(20)], sessionsLost: 1 };
    expect(verdicts(resultOf({ crashes: lost }))[1]).toBe(false);
    expect(verdicts(resultOf({ floods: floods({ delayP99Us: 3_010 }) }))[2]).toBe(false);
    expect(verdicts(resultOf({ floods: floods({}, { framesDelivered: 99 }) }))[3]).toBe(false);
  });

  test('tell at how much of the capacity a flood came', () => {
    expect(judgeFaults(resultOf())[2]!.load).toContain('9 speakers of at least 36 that fit');
    const unknown = { ...floods({}), capacity: null };
    expect(judgeFaults(resultOf({ floods: unknown }))[2]!.load).toMatch(/9 speakers$/);
  });

  test('are not met by a flood that the machine could not send', () => {
    const half = { ...floods({}), sentShare: 0.5 };
    expect(verdicts(resultOf({ floods: half })).slice(2)).toEqual([null, null]);
  });

  test('are judged where something was measured', () => {
    expect(verdicts(resultOf({ crashes: null, floods: null }))).toEqual([]);
  });
});

test('a part that is over is told by itself', () => {
  const { kills } = resultOf();
  const text = formatFaultPart({ crashes: null, stall: null, floods: null, kills });
  expect(text.split('\n')).toHaveLength(4);
  expect(text).toContain('server killed: clients that did not come back: 1\n');
});

describe('report of faults', () => {
  const text = formatFaults(resultOf(), 'a machine');

  test('tells the gaps of those whom a fault has met, and what was lost', () => {
    expect(text).toContain('p50 400 ms, p99 600 ms, max 600 ms (2)');
    expect(text).toContain('2 of 2,000 (0.10 %); counted by the relay: dropBudget 4');
  });

  test('tells when a server was up again, and counts who did not come back', () => {
    expect(text).toContain('p50 800 ms, p99 800 ms, max 800 ms (1)');
    expect(text).toContain('p50 1400 ms, p99 1500 ms, max 1500 ms (2)');
    expect(text).toMatch(/did not come back +\| 1 /);
  });
});
