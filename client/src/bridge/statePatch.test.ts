import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, test } from 'vitest';
import { applyChanges, changesBetween } from './statePatch.js';

function changed(before: object, after: object): object {
  const copy = structuredClone(before);
  applyChanges(copy, structuredClone(changesBetween(before, after)));
  return copy;
}

describe('changesBetween', () => {
  test('tells only of what was replaced', () => {
    const same = { deep: new Map([['a', { value: 1 }]]) };
    const before = { same, count: 1, people: new Map([[7, { name: 'Ada' }]]) };
    const after = { same, count: 2, people: new Map([[7, { name: 'Eve' }]]) };
    expect(changesBetween(before, after)).toEqual([
      { kind: 'put', path: ['count'], value: 2 },
      { kind: 'put', path: ['people', 7, 'name'], value: 'Eve' },
    ]);
  });

  test('puts entries as wholes where it is asked to', () => {
    const before = { people: new Map([[7, { name: 'Ada', age: 3 }]]), deep: { a: { b: 1 } } };
    const after = { people: new Map([[7, { name: 'Eve', age: 3 }]]), deep: { a: { b: 2 } } };
    expect(changesBetween(before, after, ['people'])).toEqual([
      { kind: 'put', path: ['people', 7], value: { name: 'Eve', age: 3 } },
      { kind: 'put', path: ['deep', 'a', 'b'], value: 2 },
    ]);
  });

  test('does not look into what is the same object', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('looked into');
        },
      },
    );
    expect(changesBetween({ trap, a: 1 }, { trap, a: 2 })).toHaveLength(1);
  });

  test('tells of a list that slides by what went and what came', () => {
    const [a, b, c] = [{ id: 1 }, { id: 2 }, { id: 3 }];
    expect(changesBetween({ list: [a, b] }, { list: [b, c] })).toEqual([
      { kind: 'splice', path: ['list'], at: 0, removed: 1, added: [] },
      { kind: 'splice', path: ['list'], at: 1, removed: 0, added: [c] },
    ]);
  });

  test('tells of a list that grows in front and is cut behind by what went and what came', () => {
    const [a, b, c, d] = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
    expect(changesBetween({ list: [c, d] }, { list: [a, b, c] })).toEqual([
      { kind: 'splice', path: ['list'], at: 1, removed: 1, added: [] },
      { kind: 'splice', path: ['list'], at: 0, removed: 0, added: [a, b] },
    ]);
    expect(changed({ list: ['a', 'b'] }, { list: ['b', 'a', 'c'] })).toEqual({
      list: ['b', 'a', 'c'],
    });
  });

  test('tells undefined from nothing', () => {
    expect(changed({ a: undefined }, {})).toStrictEqual({});
    expect(changed({}, { a: undefined })).toStrictEqual({ a: undefined });
    expect(changed(new Map([['a', undefined]]), new Map())).toStrictEqual(new Map());
  });

  test('keeps bytes, nulls and a map that became something else', () => {
    const before = { hash: new Uint8Array([1]), room: null, users: new Map([[1, 'a']]) };
    const after = { hash: new Uint8Array([2]), room: { id: 1 }, users: null };
    expect(changed(before, after)).toStrictEqual(after);
  });

  test('takes a name like any other for a name', () => {
    const after = { users: Object.fromEntries([['__proto__', 1]]) };
    const result = changed({ users: {} }, after) as typeof after;
    expect(Object.keys(result.users)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(result.users)).toBe(Object.prototype);
  });

  test('makes any state into any other, a thousand times', () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = new SeededRandom(seed);
    let state = randomTree(random, 0) as object;
    const mirror = structuredClone({ state });
    for (let step = 0; step < 1_000; step++) {
      const next = random.chance(0.1) ? (randomTree(random, 0) as object) : mutated(random, state);
      const changes = changesBetween({ state }, { state: next });
      applyChanges(mirror, structuredClone(changes));
      expect(mirror, `seed ${seed}, step ${step}`).toStrictEqual({ state: next });
      state = next;
    }
  });
});

describe('applyChanges', () => {
  test.each([
    { kind: 'put', path: ['users', 1, 'name'], value: 1 } as const,
    { kind: 'splice', path: ['users'], at: 0, removed: 0, added: [] } as const,
    { kind: 'remove', path: ['constructor', 'name'] } as const,
    { kind: 'put', path: [], value: 1 } as const,
  ])('refuses a change of a place that is not there: $path', (change) => {
    expect(() => applyChanges({ users: new Map() }, [change])).toThrow(RangeError);
  });
});

function randomTree(random: SeededRandom, depth: number): unknown {
  const kind =
    depth === 0 ? random.below(2) : (depth > 3 ? 3 : 0) + random.below(depth > 3 ? 3 : 6);
  const size = random.below(5);
  const child = (): unknown => randomTree(random, depth + 1);
  if (kind === 0) return new Map(Array.from({ length: size }, () => [random.below(8), child()]));
  if (kind === 1) {
    return Object.fromEntries(Array.from({ length: size }, () => [`k${random.below(8)}`, child()]));
  }
  if (kind === 2) return Array.from({ length: size }, () => child());
  return kind === 3 ? null : random.below(4);
}

/** The same tree with one place replaced, and all parts that it does not hold shared. */
function mutated(random: SeededRandom, tree: object): object {
  const replace = (value: unknown, depth: number): unknown =>
    typeof value !== 'object' || value === null || random.chance(0.3)
      ? randomTree(random, depth)
      : mutated(random, value);
  if (tree instanceof Map) {
    const copy = new Map(tree as Map<unknown, unknown>);
    const key = [...copy.keys()][random.below(copy.size + 1)] ?? random.below(8);
    if (random.chance(0.2)) copy.delete(key);
    else copy.set(key, replace(copy.get(key), 1));
    return copy;
  }
  if (Array.isArray(tree)) {
    const copy: unknown[] = [...(tree as unknown[])];
    const at = random.below(copy.length + 1);
    copy.splice(at, random.below(3), ...(random.chance(0.5) ? [randomTree(random, 1)] : []));
    return random.chance(0.3) ? copy.slice(random.below(3)) : copy;
  }
  const copy: Record<string, unknown> = { ...(tree as Record<string, unknown>) };
  const key = Object.keys(copy)[random.below(Object.keys(copy).length + 1)] ?? 'new';
  if (random.chance(0.2))
    return Object.fromEntries(Object.entries(copy).filter(([k]) => k !== key));
  copy[key] = replace(copy[key], 1);
  return copy;
}
