import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { pathTable } from '../tables/pathTable.js';
import type { CounterAge } from './replayWindow.js';
import { ReplayWindow, replayWindowPackets } from './replayWindow.js';

const counterMax = 2 ** 48 - 1;

/** Remembers every counter that was ever accepted. */
class NaiveWindow {
  readonly #accepted = new Set<number>();
  #highest = 0;

  accept(counter: number): CounterAge {
    if (counter <= this.#highest - replayWindowPackets) return 'seen';
    if (this.#accepted.has(counter)) return 'seen';
    this.#accepted.add(counter);
    if (counter <= this.#highest) return 'late';
    this.#highest = counter;
    return 'newest';
  }
}

describe('the replay window', () => {
  test('is at least 1,024 packets long', () => {
    expect(replayWindowPackets).toBeGreaterThanOrEqual(1_024);
  });

  test('takes each counter once, from the first to the last', () => {
    const replay = new ReplayWindow(pathTable.allocate(1));
    expect(replay.accept(0, 0)).toBe('late');
    expect(replay.accept(0, 0)).toBe('seen');
    expect(replay.accept(0, counterMax)).toBe('newest');
    expect(replay.accept(0, counterMax)).toBe('seen');
    expect(replay.accept(0, counterMax - 1)).toBe('late');
    expect(replay.accept(0, 1)).toBe('seen');
  });

  test('ends where it says', () => {
    const replay = new ReplayWindow(pathTable.allocate(1));
    const highest = 1_000_000;
    replay.accept(0, highest);
    expect(replay.accept(0, highest - replayWindowPackets)).toBe('seen');
    expect(replay.accept(0, highest - replayWindowPackets + 1)).toBe('late');
  });

  test('of one session is not that of another, and is empty when cleared', () => {
    const replay = new ReplayWindow(pathTable.allocate(2));
    replay.accept(0, 5_000);
    expect(replay.accept(1, 5_000)).toBe('newest');
    expect(replay.accept(1, 10)).toBe('seen');
    replay.clear(1);
    expect(replay.accept(1, 10)).toBe('newest');
    expect(replay.accept(0, 5_000)).toBe('seen');
  });

  test('lives in the table, so that another worker knows it', () => {
    const table = pathTable.allocate(1);
    new ReplayWindow(table).accept(0, 77);
    expect(new ReplayWindow(pathTable.attach(table.memory)).accept(0, 77)).toBe('seen');
  });

  test.each([91, 92, 93, 94])('agrees with a naive one (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const replay = new ReplayWindow(pathTable.allocate(1));
    const naive = new NaiveWindow();
    let head = random.chance(0.5) ? 0 : 2 ** 32 - 3_000;
    const strides = [1, 3, 40, replayWindowPackets + 1, 5_000];
    for (let step = 0; step < 20_000; step++) {
      if (random.chance(0.5)) head += random.below(strides[random.below(strides.length)]!) + 1;
      // Mostly near the head or the end of the window, where mistakes would be.
      const behind = random.chance(0.5) ? random.below(70) : random.below(2_200);
      const counter = Math.max(0, head - behind);
      expect(replay.accept(0, counter), `seed ${seed}, step ${step}, counter ${counter}`).toBe(
        naive.accept(counter),
      );
    }
  });
});
