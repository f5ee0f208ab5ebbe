import { beforeEach, describe, expect, test } from 'vitest';
import { voiceLimits } from '../limits.js';
import { WorkerShare } from './workerShare.js';

const limits = {
  ...voiceLimits,
  activeWorkersMin: 1,
  workerBusyMax: 0.6,
  workerCalmMax: 0.3,
  workersCalmMs: 30_000,
};

describe('the workers that take packets', () => {
  let share: WorkerShare;
  beforeEach(() => {
    share = new WorkerShare(limits, 4);
  });

  test('are as few as the limit says at first, and not more than there are', () => {
    expect(share.active).toBe(1);
    expect(new WorkerShare({ ...limits, activeWorkersMin: 64 }, 3).active).toBe(3);
  });

  test('double when one of them is busy', () => {
    expect(share.next([0.6, 0, 0, 0], 0)).toBe(1);
    expect(share.next([0.61, 0, 0, 0], 500)).toBe(2);
    expect(share.next([0.2, 0.7, 0, 0], 1_000)).toBe(4);
    expect(share.next([1, 1, 1, 1], 1_500)).toBe(4);
  });

  test('do not grow for a worker that only finishes what it has', () => {
    expect(share.next([0.1, 1, 1, 1], 0)).toBe(1);
  });

  test('leave one by one when fewer were enough for long', () => {
    share.next([0.9, 0, 0, 0], 0);
    share.next([0.9, 0.9, 0, 0], 500);
    expect(share.next([0.2, 0.2, 0.2, 0.2], 1_000)).toBe(4);
    expect(share.next([0.2, 0.2, 0.2, 0.2], 30_999)).toBe(4);
    expect(share.next([0.2, 0.2, 0.2, 0.2], 31_000)).toBe(3);
    expect(share.next([0.2, 0.2, 0.1, 0], 60_999)).toBe(3);
    expect(share.next([0.2, 0.2, 0.1, 0], 61_000)).toBe(2);
    expect(share.next([0.2, 0.2, 0, 0], 200_000)).toBe(2);
  });

  test('stay when there was more to do in between', () => {
    share.next([0.9, 0, 0, 0], 0);
    share.next([0.1, 0.1, 0, 0], 1_000);
    share.next([0.3, 0.3, 0, 0], 20_000);
    expect(share.next([0.1, 0.1, 0, 0], 40_000)).toBe(2);
    expect(share.next([0.1, 0.1, 0, 0], 69_999)).toBe(2);
    expect(share.next([0.1, 0.1, 0, 0], 70_000)).toBe(1);
  });
});
