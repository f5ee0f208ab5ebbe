import { describe, expect, test } from 'vitest';
import { findCapacity, type CapacityProbe } from './capacity.js';

const search = { speakersMin: 4, speakersMax: 500, lossMax: 0.001, toleranceShare: 0.1 };

/** Carries so many speakers and no more. */
function relayOf(capacity: number, tried: number[]): (speakers: number) => Promise<CapacityProbe> {
  return (speakers) => {
    tried.push(speakers);
    const loss = speakers <= capacity ? 0.0005 : 0.2;
    const framesDeliveredPerSecond = 1_000 * speakers;
    return Promise.resolve({ loss, framesDeliveredPerSecond, isGeneratorFull: false });
  };
}

describe('search for the capacity', () => {
  test('doubles the load and then halves the gap', async () => {
    const tried: number[] = [];
    const capacity = await findCapacity(search, relayOf(50, tried));
    expect(tried).toEqual([4, 8, 16, 32, 64, 64, 48, 56, 56, 52, 52]);
    expect(capacity).toEqual({ speakers: 48, framesPerSecond: 48_000, boundedBy: 'loss' });
  });

  test('ends where everybody speaks', async () => {
    const tried: number[] = [];
    const capacity = await findCapacity({ ...search, speakersMax: 20 }, relayOf(99, tried));
    expect(tried).toEqual([4, 8, 16, 20]);
    expect(capacity).toEqual({ speakers: 20, framesPerSecond: 20_000, boundedBy: 'speakers' });
  });

  test('finds none where the first load is too much already', async () => {
    const tried: number[] = [];
    const capacity = await findCapacity(search, relayOf(0, tried));
    expect(capacity).toEqual({ speakers: 0, framesPerSecond: 0, boundedBy: 'loss' });
    expect(tried.length).toBeLessThan(10);
  });

  test('says so where it was the generator that lost frames', async () => {
    const relay = relayOf(8, []);
    const capacity = await findCapacity(search, async (speakers) => ({
      ...(await relay(speakers)),
      isGeneratorFull: speakers > 8,
    }));
    expect(capacity).toEqual({ speakers: 8, framesPerSecond: 8_000, boundedBy: 'generator' });
  });

  test('takes no load for carried that the generator did not send', async () => {
    const relay = relayOf(99, []);
    const capacity = await findCapacity(search, async (speakers) => ({
      ...(await relay(speakers)),
      isGeneratorFull: speakers > 16,
    }));
    expect(capacity).toMatchObject({ speakers: 16, boundedBy: 'generator' });
  });

  test('gives a load that failed once another chance', async () => {
    const tried: number[] = [];
    const relay = relayOf(99, tried);
    let failures = 1;
    const capacity = await findCapacity({ ...search, speakersMax: 8 }, async (speakers) => {
      const probe = await relay(speakers);
      return speakers === 8 && failures-- > 0 ? { ...probe, loss: 0.5 } : probe;
    });
    expect(tried).toEqual([4, 8, 8]);
    expect(capacity.speakers).toBe(8);
  });
});
