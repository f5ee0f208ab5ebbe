import { describe, expect, test } from 'vitest';
import { compareRuns, figuresOf, lossOf, ratioToFloor } from './relayComparison.js';
import { loadResult, serverRun } from '../testing/loadResult.js';
import type { RelayLoad, RelayRig } from './relayRig.js';

const load: RelayLoad = { speakersPerRoom: 1, framesPerSecond: 50, warmUpSeconds: 0, seconds: 1 };
const quiet = { out: () => undefined, err: () => undefined };

function rigThatRecords(
  order: string[],
  floor: 'floor' | 'none',
): Pick<RelayRig, 'runServer' | 'runFloor'> {
  return {
    runServer: () => {
      order.push('server');
      return Promise.resolve(serverRun());
    },
    runFloor:
      floor === 'none'
        ? null
        : () => {
            order.push('floor');
            return Promise.resolve(loadResult());
          },
  };
}

describe('comparison with the floor', () => {
  test('lets the other go first in every second run', async () => {
    const order: string[] = [];
    const comparison = await compareRuns(rigThatRecords(order, 'floor'), load, 3, quiet);
    expect(order).toEqual(['server', 'floor', 'floor', 'server', 'server', 'floor']);
    expect([comparison.server.length, comparison.floor.length]).toEqual([3, 3]);
  });

  test('does without a floor, and then without a ratio', async () => {
    const order: string[] = [];
    const comparison = await compareRuns(rigThatRecords(order, 'none'), load, 2, quiet);
    expect(order).toEqual(['server', 'server']);
    expect(ratioToFloor(comparison)).toBeNull();
  });

  test('is the median of the ratios of each run', () => {
    const run = (framesDelivered: number, cpuSeconds: number) =>
      serverRun({ framesDelivered, cpuSeconds });
    const comparison = {
      server: [run(100, 2), run(100, 1), run(100, 4)],
      floor: [run(100, 1), run(100, 1), run(100, 1)],
    };
    expect(ratioToFloor(comparison)).toBe(0.5);
  });

  test('leaves out what the server uses anyway, where it is told', () => {
    const server = [serverRun({ seconds: 4, cpuSeconds: 2 })];
    const floor = [loadResult({ seconds: 4, cpuSeconds: 1 })];
    expect(ratioToFloor({ server, floor }, 0.1)).toBeCloseTo(1 / 1.6);
  });

  test('takes the median of each figure', () => {
    const figures = figuresOf([
      loadResult({ delayP99Us: 30, framesDelivered: 90 }),
      loadResult({ delayP99Us: 10, framesDelivered: 80 }),
      loadResult({ delayP99Us: 20, framesDelivered: 100 }),
    ]);
    expect(figures).toMatchObject({ delayP99Us: 20, framesDelivered: 90 });
    expect(figures.loss).toBeCloseTo(0.1);
  });

  test('splits the CPU of the server by its threads', () => {
    const run = serverRun({
      cpuSeconds: 1,
      mainThreadSeconds: 0.2,
      otherThreadSeconds: [0.7, 0.1],
    });
    const { relaySeconds, mainThreadSeconds, otherSeconds } = figuresOf([run]);
    expect([relaySeconds, mainThreadSeconds]).toEqual([0.7, 0.2]);
    expect(otherSeconds).toBeCloseTo(0.1);
    expect(figuresOf([loadResult()]).relaySeconds).toBe(0);
  });

  test('calls nothing a loss where nothing was expected', () => {
    expect(lossOf(loadResult({ framesExpected: 0, framesDelivered: 0 }))).toBe(0);
  });
});
