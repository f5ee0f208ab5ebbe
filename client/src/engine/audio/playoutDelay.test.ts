import { expect, test } from 'vitest';
import { PacketQueue } from './packetQueue.js';
import { PlayoutDelay } from './playoutDelay.js';

/** Frames of 20 ms, two steps each, one after the other. */
class Arrivals {
  readonly delay = new PlayoutDelay(60);
  #place = 0;

  /** @param lateness in steps, of each frame */
  arrive(frames: number, lateness: (place: number) => number, fecSteps = 0): this {
    for (let i = 0; i < frames; i++) {
      const place = this.#place++;
      this.delay.observe(place * 2 + lateness(place), place * 960, 2, fecSteps);
    }
    return this;
  }
}

const hold = (everyFrames: number) => (place: number) =>
  place > 0 && place % everyFrames === 0 ? 6 : 0;

test('asks for little where all come in time, once that is known', () => {
  const { delay } = new Arrivals().arrive(1, () => 0);
  expect(delay.targetSteps).toBeGreaterThan(4);
  expect(new Arrivals().arrive(100, () => 0).delay.targetSteps).toBeLessThan(1.5);
});

test('is ready for a peak for 2 s, and then forgets it', () => {
  const arrivals = new Arrivals().arrive(200, () => 0).arrive(1, () => 20);
  expect(arrivals.arrive(95, () => 0).delay.targetSteps).toBeGreaterThanOrEqual(20);
  expect(arrivals.arrive(25, () => 0).delay.targetSteps).toBeLessThan(2);
});

test('stays ready for a peak that comes again, until it has long been away', () => {
  const arrivals = new Arrivals().arrive(1_050, hold(150));
  expect(arrivals.delay.targetSteps).toBeGreaterThanOrEqual(6);
  expect(arrivals.arrive(1_100, () => 0).delay.targetSteps).toBeLessThan(2);
});

test('waits for the next packet where that carries what was lost', () => {
  const arrivals = new Arrivals().arrive(200, () => 0, 2);
  expect(arrivals.delay.targetSteps).toBeLessThan(1.5);
  arrivals.delay.noteMissing(1);
  expect(arrivals.delay.targetSteps).toBeCloseTo(2.05);
  arrivals.delay.noteMissing(-1);
  expect(arrivals.delay.targetSteps).toBeLessThan(1.5);
});

test('follows a clock that started anew, and one that wraps', () => {
  const { delay } = new Arrivals().arrive(100, () => 0);
  delay.observe(10_000, 2 ** 32 - 960, 2, 0);
  delay.observe(10_002, 0, 2, 0);
  expect(delay.mediaStepOf(0) + delay.usualSteps).toBe(10_002);
  expect(delay.mediaStepOf(960) - delay.mediaStepOf(2 ** 32 - 960)).toBe(4);
});

test('adds no more than its bound', () => {
  const { delay } = new Arrivals().arrive(100, () => 0).arrive(5, () => 250);
  expect(delay.targetSteps).toBeLessThanOrEqual(delay.usualSteps + 60);
});

test('a packet that came between two steps is as late as the part says', () => {
  const [between, whole] = [new PlayoutDelay(60), new PlayoutDelay(60)];
  for (let place = 0; place < 100; place++) {
    between.observe(place * 2 + 1, place * 960, 2, 0, 750);
    whole.observe(place * 2, place * 960, 2, 0);
  }
  expect(between.usualSteps - whole.usualSteps).toBeCloseTo(0.25);
  expect(between.targetSteps - whole.targetSteps).toBeCloseTo(0.25);
});

test('tells by how much delays change, and how long packets waited', () => {
  const steady = new Arrivals().arrive(100, () => 3).delay;
  expect(steady.jitterUs).toBe(0);
  const { delay } = new Arrivals().arrive(400, (place) => (place % 2) * 2);
  expect(delay.jitterUs).toBeCloseTo(20_000, -1);
  const packet = { ...new PacketQueue(1).insert(0), arrivalStep: 8.5 };
  for (let i = 0; i < 200; i++) delay.noteTurn(10, packet);
  expect(delay.waitedUs).toBeCloseTo(15_000, -1);
});
