import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, it } from 'vitest';
import { ConnectionIdTable } from './connectionIdTable.js';

function find(table: ConnectionIdTable<number>, id: Uint8Array): number | undefined {
  return table.find(Uint8Array.of(0x40, ...id, 5), 1, id.length);
}

describe('ConnectionIdTable', () => {
  it('finds what was added and not what was removed', () => {
    const random = new SeededRandom(1);
    const table = new ConnectionIdTable<number>();
    const ids = Array.from({ length: 1000 }, () => random.bytes(16));
    ids.forEach((id, index) => table.add(id, index));
    expect(ids.map((id) => find(table, id))).toEqual(ids.map((_, index) => index));
    for (const id of ids.slice(0, 500)) table.remove(id);
    ids.forEach((id, index) => expect(find(table, id)).toBe(index < 500 ? undefined : index));
    expect(table.size).toBe(500);
    for (const id of ids) table.remove(id);
    expect(table.size).toBe(0);
  });

  it('tells ids with the same beginning apart', () => {
    const table = new ConnectionIdTable<number>();
    const ids = [1, 2, 3].map((last) => Uint8Array.of(...new Uint8Array(15), last));
    ids.forEach((id, index) => table.add(id, index));
    expect(ids.map((id) => find(table, id))).toEqual([0, 1, 2]);
    table.remove(ids[1]!);
    expect(ids.map((id) => find(table, id))).toEqual([0, undefined, 2]);
  });

  it('finds nothing under an id of another length', () => {
    const table = new ConnectionIdTable<number>();
    table.add(new Uint8Array(16), 1);
    for (const length of [0, 3, 15, 17]) {
      expect(find(table, new Uint8Array(length))).toBe(undefined);
    }
  });
});
