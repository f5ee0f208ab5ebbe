import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { StepClock } from './stepClock.js';

function stepAt(clock: StepClock, atMs: number): number {
  clock.place(atMs);
  return clock.step - clock.earlyThousandths / 1_000;
}

test('without a device a step is due every 10 ms', () => {
  const clock = new StepClock();
  expect(clock.skip(1_000)).toBe(0);
  for (let step = 0; step < 5; step++) {
    expect(clock.next).toBe(step);
    expect(clock.dueMs).toBe(1_000 + 10 * step);
    clock.advance();
  }
  expect(stepAt(clock, 1_033)).toBeCloseTo(3.3);
});

test('leaves out the steps of a time in which nobody played', () => {
  const clock = new StepClock();
  clock.skip(1_000);
  expect(clock.skip(1_049)).toBe(0);
  expect(clock.skip(1_305)).toBe(30);
  expect(clock.next).toBe(30);
  expect(clock.dueMs).toBe(1_300);
});

test.each([0, 200, -200])('packets stay where they came while a device runs at %i ppm', (ppm) => {
  const random = new SeededRandom(7);
  const clock = new StepClock();
  clock.attach(10);
  const deviceMs = 10 / (1 + ppm * 1e-6);
  let [least, most] = [Infinity, -Infinity];
  for (let step = 0; step < 20_000; step++) {
    // The thread wakes up to 4 ms late.
    expect(clock.follow(step * deviceMs + random.below(4_000) / 1_000, 0)).toBe(0);
    const error = stepAt(clock, step * deviceMs) - step;
    if (step > 500) [least, most] = [Math.min(least, error), Math.max(most, error)];
    clock.advance();
  }
  expect(most - least).toBeLessThan(0.15);
  expect(Math.abs(most)).toBeLessThan(0.2);
});

test('a device that takes much at a time makes no difference between packets', () => {
  const clock = new StepClock();
  const bufferMs = 1_024 / 48;
  clock.attach(bufferMs);
  const targetMs = bufferMs + 10;
  let heldMs = targetMs - 10;
  for (let buffer = 0; buffer < 500; buffer++) {
    const nowMs = buffer * bufferMs;
    clock.follow(nowMs, heldMs - (targetMs - bufferMs));
    const first = clock.next;
    for (; heldMs < targetMs; heldMs += 10) clock.advance();
    heldMs -= bufferMs;
    if (buffer < 50) continue;
    // What came within the buffer is played at `first` at the earliest, and is said to come so late
    // that it can be.
    expect(stepAt(clock, nowMs - bufferMs + 0.001) + 1).toBeGreaterThan(first - 0.1);
    const apart = stepAt(clock, nowMs) - stepAt(clock, nowMs - bufferMs);
    expect(apart).toBeCloseTo(bufferMs / 10);
  }
});
