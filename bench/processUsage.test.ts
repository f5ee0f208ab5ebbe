import { describe, expect, test } from 'vitest';
import { parseStat, readProcessUsage, usageBetween } from './processUsage.js';

describe('process usage', () => {
  test('finds the CPU times behind a name with spaces and parentheses', () => {
    const line = '4711 (node (x) y) S 1 4711 4711 0 -1 4194560 5 0 0 0 123 45 0 0 20 0 11 0 99';
    expect(parseStat(line)).toEqual({ userTicks: 123, systemTicks: 45 });
  });

  test('tells what was used between two readings, and by the main thread and others', () => {
    const before = { pid: 1, userSeconds: 1, systemSeconds: 2, residentBytes: 10 };
    const after = { pid: 1, userSeconds: 4, systemSeconds: 2.5, residentBytes: 30 };
    const threadsBefore = new Map([
      [1, 0.5],
      [2, 9],
    ]);
    const threadsAfter = new Map([
      [1, 2.5],
      [2, 9.5],
      [3, 1],
    ]);
    expect(
      usageBetween({ ...before, threads: threadsBefore }, { ...after, threads: threadsAfter }),
    ).toEqual({
      cpuSeconds: 3.5,
      userSeconds: 3,
      systemSeconds: 0.5,
      mainThreadSeconds: 2,
      otherThreadSeconds: [1, 0.5],
      residentBytes: 30,
    });
  });

  test.runIf(process.platform === 'linux')('reads this process, its threads and memory', () => {
    const usage = readProcessUsage(process.pid);
    expect(usage.threads.get(process.pid)).toBeGreaterThan(0);
    expect(usage.userSeconds).toBeGreaterThan(0);
    expect(usage.residentBytes).toBeGreaterThan(1_000_000);
  });

  test('says so where there is no such process', () => {
    expect(() => readProcessUsage(2 ** 30)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });
});
