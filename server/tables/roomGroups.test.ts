import { describe, expect, test } from 'vitest';
import { RoomGroups } from './roomGroups.js';

describe('rooms that are heard together', () => {
  test('are each alone at first', () => {
    const groups = new RoomGroups(3);
    expect(groups.of(2)).toEqual({ rooms: [2], list: 2 });
  });

  test('share the list of one of them, and free the others', () => {
    const groups = new RoomGroups(4);
    const together = { rooms: [1, 2], list: 1 };
    expect(groups.join([1, 2])).toEqual({ formed: [together], emptied: [2] });
    expect(groups.of(2)).toBe(groups.of(1));
    expect(groups.join([2, 1])).toEqual({ formed: [], emptied: [] });
    expect(groups.join([3, 2, 1])).toMatchObject({ formed: [{ list: 3 }], emptied: [1] });
  });

  test('come apart, those first that need another list', () => {
    const groups = new RoomGroups(4);
    groups.join([0, 1, 2]);
    const [rest, alone] = [
      { rooms: [1, 2], list: 1 },
      { rooms: [0], list: 0 },
    ];
    expect(groups.join([0])).toEqual({ formed: [rest, alone], emptied: [] });
    expect(groups.join([2])).toMatchObject({ formed: [{ rooms: [1] }, { rooms: [2], list: 2 }] });
    for (const room of [0, 1, 2]) expect(groups.of(room)).toEqual({ rooms: [room], list: room });
  });
});
