import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, it } from 'vitest';
import { DeadlineHeap } from './deadlineHeap.js';
import type { Deadline } from './deadlineHeap.js';

function earliest(items: readonly Deadline[]): number | undefined {
  const waiting = items.filter(({ heapIndex }) => heapIndex >= 0);
  return waiting.length === 0
    ? undefined
    : Math.min(...waiting.map(({ deadlineMs }) => deadlineMs));
}

describe('DeadlineHeap', () => {
  it.each([1, 2, 3])('keeps the earliest on top through any changes (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const heap = new DeadlineHeap<Deadline>();
    const items = Array.from({ length: 60 }, () => ({ deadlineMs: Infinity, heapIndex: -1 }));
    for (let step = 0; step < 5000; step++) {
      const item = items[random.below(items.length)]!;
      const action = random.below(10);
      if (action === 0) heap.remove(item);
      else heap.set(item, action === 1 ? Infinity : random.below(1000));
      expect(heap.peek()?.deadlineMs, `seed ${seed}, step ${step}`).toBe(earliest(items));
    }
    for (const item of items) heap.remove(item);
    expect(heap.peek()).toBe(undefined);
  });
});
