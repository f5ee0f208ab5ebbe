import { describe, expect, test } from 'vitest';
import { loadResult, serverRun } from '../testing/loadResult.js';
import type { Comparison } from './relayComparison.js';
import type { GridEntry, GridResult } from './relayGrid.js';
import { judgeGrid } from './relayTargets.js';
import type { LoadResult } from '../load/loadMessages.js';

function compared(server: Partial<LoadResult>, floor: Partial<LoadResult> | null): Comparison {
  return {
    server: [serverRun(server)],
    floor: floor === null ? [] : [loadResult(floor)],
  };
}

function entry(name: string, comparison: Comparison): GridEntry {
  return { name, rooms: 1, receivers: 1, speakers: 1, workers: 1, idleCpuShare: 0, comparison };
}

const controlFigure = (ratio: number) => ({
  ...{ name: 'logins, real sockets', unit: 'per CPU-second', value: 300, ratio },
});
const cpu = (seconds: number): Partial<LoadResult> => ({ cpuSeconds: seconds });
const capacity = { speakers: 40, framesPerSecond: 1_000_000, boundedBy: 'loss' } as const;

/** Every target is met, but for what a test wants otherwise. */
function gridOf(otherwise: Partial<GridResult> = {}): GridResult {
  return {
    oneSpeaker: entry('one', compared(cpu(1), cpu(0.95))),
    tenSpeakers: entry('ten', compared(cpu(1), cpu(2.6))),
    manyRooms: entry('rooms', compared(cpu(1), cpu(0.85))),
    thousand: entry('thousand', compared({ delayP99Us: 4_000 }, null)),
    oneWorker: entry('one worker', compared({ otherThreadSeconds: [1] }, null)),
    twoWorkers: entry('two', compared({ otherThreadSeconds: [0.55, 0.5] }, null)),
    halfLoad: {
      serverCapacity: capacity,
      floorCapacity: capacity,
      server: [loadResult({ delayP99Us: 8_500 })],
      floor: [loadResult({ delayP99Us: 2_000 })],
    },
    floods: {
      ...{ speakers: 10, capacity, packetsPerSecond: 20_000, sentShare: 1 },
      quiet: [serverRun({ delayP99Us: 1_000 })],
      session: [serverRun({ delayP99Us: 3_000 })],
      garbage: [serverRun({ delayP99Us: 3_000 })],
    },
    routeCost: { smallNsPerPacket: 1_000, fullNsPerPacket: 1_100, fullToSmall: 1.1 },
    controlPlane: [controlFigure(0.5)],
    ...otherwise,
  };
}

function verdicts(grid: GridResult, windowMs = 5): (boolean | null)[] {
  return judgeGrid(grid, windowMs).map(({ isMet }) => isMet);
}

describe('targets of the relay', () => {
  test('are met where every figure reaches its bound', () => {
    expect(verdicts(gridOf())).toEqual(Array(10).fill(true));
  });

  test('are missed one by one', () => {
    const missed = gridOf({
      oneSpeaker: entry('one', compared(cpu(1), cpu(0.89))),
      tenSpeakers: entry('ten', compared(cpu(1), cpu(2.4))),
      manyRooms: entry('rooms', compared(cpu(1), cpu(0.79))),
      thousand: entry('thousand', compared({ delayP99Us: 4_000, framesDelivered: 99 }, null)),
      twoWorkers: entry('two', compared({ otherThreadSeconds: [0.6, 0.5] }, null)),
      routeCost: { smallNsPerPacket: 1_000, fullNsPerPacket: 1_210, fullToSmall: 1.21 },
      controlPlane: [controlFigure(0.49), controlFigure(0.6)],
      floods: { ...gridOf().floods, garbage: [serverRun({ delayP99Us: 3_010 })] },
    });
    const [ofRelay, ofAll] = [verdicts(missed).slice(0, 7), verdicts(missed).slice(7)];
    expect(ofRelay).toEqual([false, false, false, false, true, false, false]);
    expect(ofAll).toEqual([false, true, true, false]);
  });

  test('take the bundle window out of the delay at half load, and no more than that', () => {
    expect(verdicts(gridOf(), 4.5)[4]).toBe(true);
    expect(verdicts(gridOf(), 4)[4]).toBe(false);
  });

  test('want no loss at all and a short delay of a thousand receivers', () => {
    const slow = entry('thousand', compared({ delayP99Us: 5_000 }, null));
    expect(verdicts(gridOf({ thousand: slow }))[3]).toBe(false);
  });

  test('of the control plane are not met by figures that are missing', () => {
    expect(verdicts(gridOf({ controlPlane: [] }))[7]).toBeNull();
  });

  test('that need the floor are not judged without one', () => {
    const alone = entry('one', compared(cpu(1), null));
    const halfLoad = { ...gridOf().halfLoad, floorCapacity: null, floor: [] };
    const judged = judgeGrid(gridOf({ oneSpeaker: alone, halfLoad }), 5);
    const first = judged.slice(0, 5).map(({ isMet }) => isMet);
    expect(first).toEqual([null, true, true, true, null]);
    expect(judged[0]!.figure).toBe('no C compiler');
  });
});
