import { describe, expect, test } from 'vitest';
import type { LoadSession } from './loadMessages.js';
import { planLoad } from './loadPlan.js';

function sessionsIn(...rooms: number[]): LoadSession[] {
  return rooms.map((room, index) => ({ token: index + 1, hopKey: new Uint8Array(16), room }));
}

describe('load plan', () => {
  test('lets the first members of each room speak', () => {
    const plan = planLoad(sessionsIn(0, 1, 0, 1, 0, 1), 4, 2);
    expect([...plan.speakers]).toEqual([0, 1, 2, 3]);
  });

  test('lets all others of the room hear a speaker, and nobody else', () => {
    const plan = planLoad(sessionsIn(0, 0, 0, 1, 1), 5, 1);
    expect([...plan.speakers]).toEqual([0, 3]);
    expect([...plan.receivers]).toEqual([2, 1]);
    expect([...plan.copies]).toEqual([...[0, 1, 1, 0, 0], ...[0, 0, 0, 0, 1]]);
  });

  test('counts the receivers that share a socket, the speaker left out of its own', () => {
    const plan = planLoad(sessionsIn(0, 0, 0, 0, 0), 2, 1);
    // Sessions 0, 2 and 4 share a socket, 1 and 3 the other; 0 speaks.
    expect([...plan.copies]).toEqual([2, 2]);
  });

  test('lets everybody speak where more are asked for than there are', () => {
    expect(planLoad(sessionsIn(0, 0, 0), 1, 9).speakers).toHaveLength(3);
  });
});
