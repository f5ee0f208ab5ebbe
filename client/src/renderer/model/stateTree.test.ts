import { describe, expect, test } from 'vitest';
import { foundMax, foundPaths, pathsAbove, stateRows, stateRowsMax } from './stateTree.js';

const state = {
  name: 'Ada',
  audio: { levels: [1.23456, 2], isOn: true },
  rooms: new Map([['r1', { name: 'Lobby' }]]),
  key: Uint8Array.of(1, 2),
  empty: {},
};

describe('stateRows', () => {
  test('shows what stands at the top, and no more until it is unfolded', () => {
    const rows = stateRows(state, new Set());
    expect(rows.map(({ name, text }) => `${name} ${text}`)).toEqual([
      'name "Ada"',
      'audio {}',
      'rooms Map (1)',
      'key 2 B',
      'empty {}',
    ]);
    expect(rows.map(({ hasChildren }) => hasChildren)).toEqual([false, true, true, false, false]);
  });

  test('shows what is in what is unfolded, one step further in', () => {
    const rows = stateRows(state, new Set(['audio', 'audio/levels', 'rooms', 'rooms/r1']));
    expect(rows.map(({ path, depth }) => `${depth} ${path}`)).toEqual([
      '0 name',
      '0 audio',
      '1 audio/levels',
      '2 audio/levels/0',
      '2 audio/levels/1',
      '1 audio/isOn',
      '0 rooms',
      '1 rooms/r1',
      '2 rooms/r1/name',
      '0 key',
      '0 empty',
    ]);
    expect(rows[3]?.text).toBe('1.235');
  });

  test('ends where nobody reads on', () => {
    const many = { all: Array.from({ length: stateRowsMax * 2 }, (_, i) => i) };
    expect(stateRows(many, new Set(['all']))).toHaveLength(stateRowsMax);
  });
});

describe('foundPaths', () => {
  test('finds names and values, in whatever case', () => {
    expect(foundPaths(state, 'lobby')).toEqual(['rooms/r1/name']);
    expect(foundPaths(state, 'NAME')).toEqual(['name', 'rooms/r1/name']);
    expect(foundPaths(state, ' ')).toEqual([]);
  });

  test('finds so many and no more', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`name${i}`, i]));
    expect(foundPaths(many, 'name')).toHaveLength(foundMax);
  });
});

test('pathsAbove is what has to be open', () => {
  expect(pathsAbove('a/b/c')).toEqual(['a', 'a/b']);
  expect(pathsAbove('a')).toEqual([]);
});
