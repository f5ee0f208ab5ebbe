import { expect, test } from 'vitest';
import { forEachFuzzCase, fuzzTimeoutMs } from './fuzzCases.js';
import { mutateBytes } from './mutate.js';
import { SeededRandom } from './seededRandom.js';

test(
  'leaves its input as it is and grows it by a bounded amount',
  { timeout: fuzzTimeoutMs() },
  () => {
    const original = new SeededRandom(1).bytes(40);
    const copy = original.slice();
    forEachFuzzCase((random) => {
      const mutated = mutateBytes(random, original);
      if (mutated.length > original.length + 192) throw new Error(`grew to ${mutated.length}`);
    });
    expect(original).toEqual(copy);
  },
);

test('shortens, lengthens and alters', () => {
  const original = new SeededRandom(1).bytes(40);
  const random = new SeededRandom(2);
  const seen = { shorter: 0, longer: 0, altered: 0 };
  for (let i = 0; i < 1_000; i++) {
    const mutated = mutateBytes(random, original);
    if (mutated.length < original.length) seen.shorter++;
    else if (mutated.length > original.length) seen.longer++;
    else if (Buffer.compare(mutated, original) !== 0) seen.altered++;
  }
  expect(Math.min(seen.shorter, seen.longer, seen.altered)).toBeGreaterThan(100);
});

test('mutates an empty message', () => {
  const random = new SeededRandom(3);
  for (let i = 0; i < 100; i++) mutateBytes(random, new Uint8Array(0));
});
