import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { arenaWords, ReceiverListReader, ReceiverListWriter } from './receiverLists.js';

function open(sessionsMax: number, roomsMax: number) {
  const writer = new ReceiverListWriter(sessionsMax, roomsMax);
  const reader = new ReceiverListReader(writer.memory, arenaWords(sessionsMax, roomsMax), 4);
  return { writer, reader };
}

describe('receiver lists', () => {
  test('are empty before they are published', () => {
    const { reader } = open(10, 2);
    expect(reader.read(1)).toEqual(new Uint32Array(0));
  });

  test('are read as they were published, and the version moves', () => {
    const { writer, reader } = open(10, 2);
    const tokens = Uint32Array.of(5, 0xffff_ffff, 7, 9);
    const before = reader.version(1);
    writer.publish(1, tokens, 3);
    expect(reader.read(1)).toEqual(tokens.slice(0, 3));
    expect(reader.version(1)).not.toBe(before);
    expect(reader.version(0)).toBe(0);
    writer.publish(1, tokens, 0);
    expect(reader.read(1)).toEqual(new Uint32Array(0));
  });

  test('stay valid for who copied them when their region is given to another room', () => {
    const { writer, reader } = open(10, 2);
    writer.publish(0, Uint32Array.of(1, 2, 3), 3);
    const copied = reader.read(0);
    writer.publish(0, Uint32Array.of(4), 1);
    writer.publish(1, Uint32Array.of(6, 6, 6), 3);
    expect(copied).toEqual(Uint32Array.of(1, 2, 3));
  });

  test.each([51, 52, 53, 54])('agree with a naive model, and fit the arena (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const sessionsMax = 1 + random.below(300);
    const roomsMax = 1 + random.below(20);
    const { writer, reader } = open(sessionsMax, roomsMax);
    const rooms = Array.from({ length: roomsMax }, () => new Uint32Array(0));
    for (let step = 0; step < 5_000; step++) {
      const room = random.below(roomsMax);
      const others = rooms.reduce((sum, list, i) => sum + (i === room ? 0 : list.length), 0);
      // Sometimes all who are left, so that every size class is filled to its bound.
      const left = sessionsMax - others;
      const count = random.chance(0.2) ? left : random.below(left + 1);
      const list = Uint32Array.from({ length: count }, () => random.nextUint32());
      writer.publish(room, list, count);
      rooms[room] = list;
      const asked = random.below(roomsMax);
      expect(reader.read(asked), `seed ${seed}, step ${step}`).toEqual(rooms[asked]);
    }
  });

  test('fit the arena when each size class in turn is filled to its bound', () => {
    const sessionsMax = 1_000;
    const { writer, reader } = open(sessionsMax, sessionsMax);
    const tokens = Uint32Array.from({ length: sessionsMax }, (_token, index) => index + 1);
    // For each size class: as many lists just above half of it as there are sessions.
    for (let size = 1; size <= sessionsMax; size = size < 8 ? 9 : (size - 1) * 2 + 1) {
      const lists = Math.floor(sessionsMax / size);
      for (let room = 0; room < lists; room++) writer.publish(room, tokens, size);
      expect(reader.read(lists - 1)).toEqual(tokens.slice(0, size));
      for (let room = 0; room < lists; room++) writer.publish(room, tokens, 0);
    }
  });
});
