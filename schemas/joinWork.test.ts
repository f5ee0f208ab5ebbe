import { expect, test } from 'vitest';
import { findWork, isWorkDone, workBitsMax, workBytes } from './joinWork.js';
import { SeededRandom } from './testing/seededRandom.js';

test('what is found is a solution, of its challenge alone', () => {
  const random = new SeededRandom(11);
  for (let bits = 0; bits <= 10; bits++) {
    const challenge = random.bytes(32);
    const work = findWork(challenge, bits);
    expect(work).toHaveLength(workBytes);
    expect(isWorkDone(challenge, work, bits)).toBe(true);
  }
  const challenge = random.bytes(32);
  const work = findWork(challenge, 12);
  const others = Array.from({ length: 20 }, () => random.bytes(32));
  expect(others.filter((other) => isWorkDone(other, work, 12))).toEqual([]);
  expect(isWorkDone(challenge, random.bytes(workBytes), workBitsMax)).toBe(false);
});

test('costs twice as much with each bit', () => {
  const random = new SeededRandom(12);
  const passing = (bits: number): number => {
    const challenge = random.bytes(32);
    let count = 0;
    for (let index = 0; index < 4_096; index++) {
      if (isWorkDone(challenge, random.bytes(workBytes), bits)) count += 1;
    }
    return count;
  };
  expect(passing(0)).toBe(4_096);
  expect(Math.abs(passing(1) - 2_048)).toBeLessThan(300);
  expect(Math.abs(passing(4) - 256)).toBeLessThan(100);
});
