import { describe, expect, test } from 'vitest';
import { defineTable } from './sharedTable.js';
import { SeededRandom } from './testing/seededRandom.js';

const birds = defineTable({
  name: 'birds',
  columns: {
    ring: { type: 'bytes', length: 6, writer: 'main' },
    nest: { type: 'i32', writer: 'main' },
    calls: { type: 'u32', writer: 'listener' },
    heights: { type: 'words', length: 3, writer: 'listener' },
  },
});

describe('columns', () => {
  test('keep what was stored, row by row, in every thread that attaches', () => {
    const table = birds.allocate(3);
    table.columns.nest.store(1, -5);
    table.columns.calls.store(2, 0xffff_fff0);
    table.columns.heights.store(0, 2, 0x8000_0000);
    table.columns.ring.write(1, Uint8Array.of(1, 2, 3, 4, 5, 6));

    const { columns } = birds.attach(table.memory);
    const ring = new Uint8Array(8);
    columns.ring.read(1, ring);
    expect([...ring]).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
    expect([0, 1, 2].map((row) => columns.nest.load(row))).toEqual([0, -5, 0]);
    expect([0, 1, 2].map((row) => columns.calls.load(row))).toEqual([0, 0, 0xffff_fff0]);
    expect([0, 1, 2].map((index) => columns.heights.load(0, index))).toEqual([0, 0, 0x8000_0000]);
  });

  test('compare bytes with what is stored', () => {
    const { columns } = birds.allocate(2);
    const ring = Uint8Array.of(9, 8, 7, 6, 5, 4);
    columns.ring.write(1, ring);
    expect(columns.ring.equals(1, ring)).toBe(true);
    expect(columns.ring.equals(1, Uint8Array.of(9, 8, 7, 6, 5, 5))).toBe(false);
    expect(columns.ring.equals(0, ring)).toBe(false);
  });

  test('add modulo 2^32', () => {
    const { columns } = birds.allocate(1);
    columns.calls.store(0, 0xffff_ffff);
    columns.calls.add(0, 3);
    expect(columns.calls.load(0)).toBe(2);
  });

  test('do not change each other', () => {
    const rows = 5;
    const { columns } = birds.allocate(rows);
    const random = new SeededRandom(21);
    const expected = Array.from({ length: rows }, () => ({
      ring: [...random.bytes(6)],
      nest: random.nextUint32() | 0,
      calls: random.nextUint32(),
      heights: [random.nextUint32(), random.nextUint32(), random.nextUint32()],
    }));
    expected.forEach((bird, row) => {
      bird.heights.forEach((height, index) => columns.heights.store(row, index, height));
      columns.calls.store(row, bird.calls);
      columns.nest.store(row, bird.nest);
      columns.ring.write(row, Uint8Array.from(bird.ring));
    });
    const ring = new Uint8Array(6);
    const actual = expected.map((_bird, row) => {
      columns.ring.read(row, ring);
      return {
        ring: [...ring],
        nest: columns.nest.load(row),
        calls: columns.calls.load(row),
        heights: [0, 1, 2].map((index) => columns.heights.load(row, index)),
      };
    });
    expect(actual).toEqual(expected);
  });

  test('refuse rows, words and bytes that are not theirs', () => {
    const { columns, groups } = birds.allocate(2);
    for (const row of [-1, 2, NaN]) {
      expect(() => columns.nest.load(row)).toThrow(RangeError);
      expect(() => columns.nest.store(row, 1)).toThrow(RangeError);
      expect(() => groups.main.version(row)).toThrow(RangeError);
    }
    expect(() => columns.heights.load(0, 3)).toThrow(RangeError);
    expect(() => columns.ring.write(0, new Uint8Array(5))).toThrow(RangeError);
  });

  test('that were not declared do not compile', () => {
    const { columns, groups } = birds.allocate(1);
    // @ts-expect-error there is no such column
    expect(columns.wings).toBeUndefined();
    // @ts-expect-error there is no such writer
    expect(groups.keeper).toBeUndefined();
    // @ts-expect-error a number is no column of bytes
    expect(columns.nest.read).toBeUndefined();
  });
});

describe('layout', () => {
  /** First and last byte that storing into every row of a column touches. */
  function bytesTouched(buffer: SharedArrayBuffer, store: () => void): [number, number] {
    const bytes = new Uint8Array(buffer).fill(0);
    store();
    const touched = [...bytes.keys()].filter((at) => bytes[at] !== 0);
    return [touched[0]!, touched.at(-1)!];
  }

  test('keeps the columns of different writers 64 bytes apart', () => {
    const { columns, memory } = birds.allocate(4);
    const rows = [0, 1, 2, 3];
    const [, mainEnd] = bytesTouched(memory.buffer, () => {
      rows.forEach((row) => columns.nest.store(row, -1));
      rows.forEach((row) => columns.ring.write(row, new Uint8Array(6).fill(255)));
    });
    const [listenerStart] = bytesTouched(memory.buffer, () => {
      rows.forEach((row) => columns.calls.store(row, 0xffff_ffff));
      rows.forEach((row) => columns.heights.store(row, 0, 0xffff_ffff));
    });
    expect(listenerStart - mainEnd - 1).toBeGreaterThanOrEqual(64);
  });

  test('leaves the gap asked for between rows', () => {
    const lone = defineTable({
      name: 'lone',
      columns: { calls: { type: 'u32', writer: 'each' } },
      rowGapBytes: 64,
    });
    const { columns, groups, memory } = lone.allocate(2);
    const store = (row: number) => () =>
      groups.each.writeRow(row, () => columns.calls.store(row, 0xffff_ffff));
    const [, firstEnd] = bytesTouched(memory.buffer, store(0));
    const [secondStart] = bytesTouched(memory.buffer, store(1));
    expect(secondStart - firstEnd - 1).toBeGreaterThanOrEqual(64);
  });

  test('refuses the memory of another table', () => {
    const { buffer } = birds.allocate(2).memory;
    expect(() => birds.attach({ buffer, rows: 3 })).toThrow(/3 rows of table birds/);
  });
});

describe('rows', () => {
  test('change their version with every write, and only that of their writer', () => {
    const { columns, groups } = birds.allocate(2);
    const before = groups.main.version(1);
    groups.main.writeRow(1, (row) => columns.nest.store(row, 3));
    expect(groups.main.version(1)).not.toBe(before);
    expect(groups.main.version(1) & 1).toBe(0);
    expect(groups.main.version(0)).toBe(0);
    expect(groups.listener.version(1)).toBe(0);
  });

  test('are refused to readers while they are written', () => {
    const { columns, groups } = birds.allocate(1);
    let reads = 0;
    const read = (): void => {
      reads++;
    };
    groups.main.writeRow(0, (row) => {
      expect(groups.main.version(row) & 1).toBe(1);
      expect(groups.main.readRow(row, read, 3)).toBe(false);
      columns.nest.store(row, 1);
    });
    expect(reads).toBe(0);
    expect(groups.main.readRow(0, read, 0)).toBe(true);
    expect(reads).toBe(1);
  });

  test('are read again when a write came between', () => {
    const { columns, groups } = birds.allocate(1);
    const seen: number[] = [];
    const isWhole = groups.main.readRow(
      0,
      (row) => {
        seen.push(columns.nest.load(row));
        if (seen.length === 1) groups.main.writeRow(row, () => columns.nest.store(row, 7));
      },
      1,
    );
    expect(isWhole).toBe(true);
    expect(seen).toEqual([0, 7]);
  });

  test('are given up when a write comes between every time', () => {
    const { columns, groups } = birds.allocate(1);
    let reads = 0;
    const read = (row: number): void => {
      reads++;
      groups.main.writeRow(row, () => columns.nest.store(row, reads));
    };
    expect(groups.main.readRow(0, read, 4)).toBe(false);
    expect(reads).toBe(5);
  });

  test('become whole again when their writer died while writing', () => {
    const { columns, groups } = birds.allocate(1);
    expect(() =>
      groups.main.writeRow(0, () => {
        throw new Error('died');
      }),
    ).toThrow('died');
    const read = (): void => undefined;
    expect(groups.main.readRow(0, read, 1)).toBe(false);
    groups.main.writeRow(0, (row) => columns.nest.store(row, 2));
    expect(groups.main.readRow(0, read, 0)).toBe(true);
  });
});
