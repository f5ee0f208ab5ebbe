import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, it } from 'vitest';
import { QuicStreamBuffer } from './quicStreamBuffer.js';

describe('QuicStreamBuffer', () => {
  it.each([1, 2, 3, 4])('gives out what went in, in order (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const buffer = new QuicStreamBuffer();
    const pushed: number[] = [];
    const dropped: number[] = [];
    for (let step = 0; step < 2000; step++) {
      if (random.chance(0.5)) {
        const bytes = random.bytes(random.chance(0.05) ? random.below(20_000) : random.below(100));
        pushed.push(...bytes);
        buffer.push(bytes);
        bytes.fill(0);
      } else {
        const front = buffer.front();
        const count = random.below(front.length + 1);
        dropped.push(...front.subarray(0, count));
        buffer.drop(count);
      }
      expect(buffer.length, `seed ${seed}, step ${step}`).toBe(pushed.length - dropped.length);
    }
    while (buffer.length > 0) {
      const front = buffer.front();
      dropped.push(...front);
      buffer.drop(front.length);
    }
    expect(Buffer.compare(Buffer.from(dropped), Buffer.from(pushed))).toBe(0);
  });

  it('is empty once cleared', () => {
    const buffer = new QuicStreamBuffer();
    buffer.push(new Uint8Array(10_000));
    buffer.clear();
    expect(buffer.length).toBe(0);
    expect(buffer.front()).toHaveLength(0);
  });
});
