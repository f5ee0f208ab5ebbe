import { expect, test } from 'vitest';
import { TalkWatch } from './talkWatch.js';

test('who sends more packets than pings are is talking, until the next look', () => {
  const packets = new Map([
    [1, 1_000],
    [2, 5],
  ]);
  const watch = new TalkWatch();
  const look = (): readonly number[] => {
    watch.look(packets.keys(), (token) => packets.get(token)!);
    return watch.talkers;
  };
  expect(look()).toEqual([]);
  packets.set(1, 1_050).set(2, 6);
  expect(look()).toEqual([1]);
  // Whoever comes has no second behind that could be looked at.
  packets.set(3, 400);
  expect(look()).toEqual([]);
  packets.set(3, 450);
  packets.delete(1);
  expect(look()).toEqual([3]);
});
