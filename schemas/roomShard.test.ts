import { expect, test } from 'vitest';
import { shardOf } from './roomShard.js';
import { newTimeOrderedUuid } from './uuid.js';

test('a room has the same shard for ever: both sides compute it', () => {
  expect(shardOf('00000000-0000-0000-0000-000000000000', 8)).toBe(5);
  expect(shardOf('01234567-89ab-7def-8123-456789abcdef', 8)).toBe(5);
});

test('rooms spread over all shards, those made one after another too', () => {
  const counts = new Array<number>(8).fill(0);
  for (let index = 0; index < 800; index++) {
    counts[shardOf(newTimeOrderedUuid(1_700_000_000_000 + index), 8)]! += 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(50);
});
