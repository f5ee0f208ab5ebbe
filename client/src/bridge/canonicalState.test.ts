import { describe, expect, test } from 'vitest';
import { BridgeCodec } from './bridgeCodec.js';
import { canonicalText, partHashes, stateHash } from './canonicalState.js';

const state = {
  name: 'Ada \u202e',
  sizes: [1, 2.5, -0, Infinity, 2n ** 60n],
  key: Uint8Array.of(0, 255),
  nothing: null,
  missing: undefined,
  people: new Map<string | number, object>([
    ['b', { isTalking: true }],
    [2, { isTalking: false, roomId: undefined }],
  ]),
  marks: new Set(['y', 'x']),
};

describe('canonicalText', () => {
  test('is the same in whatever order something was put in', () => {
    const turned = Object.fromEntries(Object.entries(state).reverse());
    const people = new Map([...state.people].reverse());
    expect(canonicalText({ ...turned, people })).toBe(canonicalText(state));
  });

  test('is the same on the other side of the bridge', async () => {
    const codec = new BridgeCodec();
    const copy = codec.decode(codec.encode(state)) as object;
    expect(canonicalText(copy)).toBe(canonicalText(state));
    expect(await partHashes(copy)).toEqual(await partHashes(state));
  });

  test.each<[string, unknown, unknown]>([
    ['a number and its text', 1, '1'],
    ['a map and an object', new Map([['a', 1]]), { a: 1 }],
    ['a map by number and by text', new Map([[1, 1]]), new Map([['1', 1]])],
    ['an array and a set', [1], new Set([1])],
    ['bytes and numbers', Uint8Array.of(1), [1]],
    ['the order of an array', [1, 2], [2, 1]],
    ['what is not finite', Infinity, NaN],
    ['a property that is null and one that is not there', { a: null }, {}],
  ])('tells apart %s', (_name, one, other) => {
    expect(canonicalText(one)).not.toBe(canonicalText(other));
  });

  test('refuses what is no plain data', () => {
    expect(() => canonicalText({ call: () => 1 })).toThrow(TypeError);
  });
});

test('stateHash is SHA-256 of the text', async () => {
  // Of "null", as any other program has it.
  const expected = '74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b';
  expect(await stateHash(null)).toBe(expected);
});
