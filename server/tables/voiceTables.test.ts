import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { tokenGeneration, tokenSlot } from '@rookery/schemas/voicePacket';
import { stageLimits } from '../testing/relayStage.js';
import { arenaWords, ReceiverListReader, roomReceiversMax } from './receiverLists.js';
import { roomTable } from './roomTable.js';
import { noRoom, SessionFlag, sessionTable } from './sessionTable.js';
import { VoiceTables } from './voiceTables.js';

const { sessionsMax, roomsMax } = stageLimits;
const hopKey = new Uint8Array(16).fill(3);
const noFlags = { muted: false, deafened: false, suppressed: false };

function open(limits = stageLimits) {
  const tables = new VoiceTables(limits, 1);
  const { columns } = sessionTable.attach(tables.memory.sessions);
  const words = arenaWords(roomReceiversMax(limits), limits.roomsMax);
  const lists = new ReceiverListReader(tables.memory.lists, words, 0);
  const rooms = roomTable.attach(tables.memory.rooms).columns;
  const hearing = (token: number): number[] => {
    const room = columns.roomIndex.load(tokenSlot(token));
    return [...lists.read(rooms.list.load(room))!].sort((a, b) => a - b);
  };
  return { tables, columns, hearing };
}

describe('a session', () => {
  test('gets a row with its key, in no room and with no flag', () => {
    const { tables, columns } = open();
    const token = tables.addSession(hopKey);
    const slot = tokenSlot(token);
    expect(columns.token.load(slot)).toBe(token);
    expect(columns.hopKey.equals(slot, hopKey)).toBe(true);
    expect(columns.roomIndex.load(slot)).toBe(noRoom);
    expect(columns.flags.load(slot)).toBe(0);
  });

  test('is refused where all places are taken, and taken again when one has left', () => {
    const { tables } = open();
    const tokens = Array.from({ length: sessionsMax }, () => tables.addSession(hopKey));
    expect(new Set(tokens).size).toBe(sessionsMax);
    expect(() => tables.addSession(hopKey)).toThrow(
      expect.objectContaining({ code: 'serverFull' }),
    );
    tables.removeSession(tokens[5]!);
    const next = tables.addSession(hopKey);
    expect(tokenSlot(next)).toBe(tokenSlot(tokens[5]!));
    expect(tokenGeneration(next)).toBe(tokenGeneration(tokens[5]!) + 1);
  });

  test('with a key of another length is a bug to name, and takes no place', () => {
    const { tables } = open({ ...stageLimits, sessionsMax: 1 });
    expect(() => tables.addSession(new Uint8Array(15))).toThrow(/hop key of 15 bytes/);
    tables.addSession(hopKey);
  });

  test('that left leaves no token, no key and no flag to the next', () => {
    const { tables, columns } = open({ ...stageLimits, sessionsMax: 1 });
    const token = tables.addSession(hopKey);
    tables.setFlags(token, { muted: true, deafened: true, suppressed: true });
    tables.moveSession(token, 'lobby');
    tables.removeSession(token);
    expect(columns.token.load(0)).toBe(0);
    expect(columns.hopKey.equals(0, new Uint8Array(16))).toBe(true);
    tables.addSession(hopKey);
    expect(columns.flags.load(0)).toBe(0);
    expect(columns.roomIndex.load(0)).toBe(noRoom);
  });

  test('has no token 0, nor one of another slot, through all generations', () => {
    const { tables } = open({ ...stageLimits, sessionsMax: 1 });
    const tokens = new Set<number>();
    for (let generation = 0; generation < 4_095; generation++) {
      const token = tables.addSession(hopKey);
      expect(tokenSlot(token)).toBe(0);
      tokens.add(token);
      tables.removeSession(token);
    }
    expect(tokens.size).toBe(4_095);
    expect(tokens).not.toContain(0);
    expect(tokens).toContain(tables.addSession(hopKey));
  });

  test('takes the slot that is free longest', () => {
    const { tables } = open();
    const first = tables.addSession(hopKey);
    tables.removeSession(first);
    const slots = Array.from({ length: sessionsMax }, () => tokenSlot(tables.addSession(hopKey)));
    expect(slots.at(-1)).toBe(tokenSlot(first));
  });

  test('carries its flags', () => {
    const { tables, columns } = open();
    const token = tables.addSession(hopKey);
    const slot = tokenSlot(token);
    tables.setFlags(token, { ...noFlags, muted: true });
    expect(columns.flags.load(slot)).toBe(SessionFlag.Muted);
    tables.setFlags(token, { muted: false, deafened: true, suppressed: true });
    expect(columns.flags.load(slot)).toBe(SessionFlag.Deafened | SessionFlag.Suppressed);
  });

  test('that has left is a bug to name', () => {
    const { tables } = open();
    const token = tables.addSession(hopKey);
    tables.removeSession(token);
    expect(() => tables.removeSession(token)).toThrow(/names no session/);
    expect(() => tables.moveSession(token, 'lobby')).toThrow(/names no session/);
    expect(() => tables.setFlags(0, noFlags)).toThrow(/names no session/);
  });
});

describe('a room', () => {
  test('is heard by its members, those that are deafened left out', () => {
    const { tables, hearing } = open();
    const [first, second] = [tables.addSession(hopKey), tables.addSession(hopKey)];
    tables.moveSession(first, 'lobby');
    tables.moveSession(second, 'lobby');
    expect(hearing(first)).toEqual([first, second]);
    tables.setFlags(second, { ...noFlags, deafened: true });
    expect(hearing(first)).toEqual([first]);
    tables.setFlags(second, noFlags);
    expect(hearing(first)).toEqual([first, second]);
  });

  test('is refused where the tables hold no more, until one is removed', () => {
    const { tables } = open();
    const token = tables.addSession(hopKey);
    for (let room = 0; room < roomsMax; room++) tables.moveSession(token, `room ${room}`);
    const full = expect.objectContaining({ code: 'serverFull' }) as Error;
    expect(() => tables.moveSession(token, 'one more')).toThrow(full);
    tables.removeRoom('room 0');
    tables.moveSession(token, 'one more');
  });

  test('that is linked or listened to is not removed before that ends', () => {
    const { tables, hearing } = open();
    const [token, listener] = [tables.addSession(hopKey), tables.addSession(hopKey)];
    tables.moveSession(token, 'lobby');
    tables.setListening(listener, ['library']);
    tables.linkRooms(['lobby', 'library']);
    expect(hearing(token)).toEqual([token, listener]);
    expect(() => tables.removeRoom('library')).toThrow(/with listeners/);
    tables.setListening(listener, []);
    expect(() => tables.removeRoom('library')).toThrow(/while linked/);
    tables.linkRooms(['lobby']);
    tables.removeRoom('library');
    expect(hearing(token)).toEqual([token]);
  });

  test('is removed only when it is empty', () => {
    const { tables } = open();
    const token = tables.addSession(hopKey);
    tables.moveSession(token, 'lobby');
    expect(() => tables.removeRoom('lobby')).toThrow(/with members in it/);
    tables.moveSession(token, null);
    tables.removeRoom('lobby');
    tables.removeRoom('never entered');
  });
});

test.each([71, 72, 73])('lists agree with a naive model (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  const { tables, columns, hearing } = open();
  const rooms = ['lobby', 'library', 'kitchen'];
  const model = new Map<number, { room: string | null; deafened: boolean; also: string[] }>();
  /** Rooms of one number are heard together. */
  const groups = new Map(rooms.map((room, index) => [room, index]));
  const anyone = (): number => [...model.keys()][random.below(model.size)]!;

  const steps: (() => void)[] = [
    () => {
      if (model.size < sessionsMax) {
        model.set(tables.addSession(hopKey), { room: null, deafened: false, also: [] });
      }
    },
    () => {
      const token = anyone();
      tables.removeSession(token);
      model.delete(token);
    },
    () => {
      const room = random.chance(0.2) ? null : rooms[random.below(rooms.length)]!;
      const token = anyone();
      tables.moveSession(token, room);
      model.get(token)!.room = room;
    },
    () => {
      const token = anyone();
      const deafened = random.chance(0.5);
      tables.setFlags(token, { ...noFlags, deafened });
      model.get(token)!.deafened = deafened;
    },
    () => {
      const token = anyone();
      const also = rooms.filter(() => random.chance(0.3));
      tables.setListening(token, also);
      model.get(token)!.also = also;
    },
    () => {
      for (const room of rooms) groups.set(room, random.below(rooms.length));
      for (const room of rooms) {
        tables.linkRooms(rooms.filter((other) => groups.get(other) === groups.get(room)));
      }
    },
  ];
  for (let step = 0; step < 4_000; step++) {
    steps[model.size === 0 ? 0 : random.below(steps.length)]!();
    if (model.size === 0) continue;
    const asked = anyone();
    const { room } = model.get(asked)!;
    const where = `seed ${seed}, step ${step}`;
    expect(columns.roomIndex.load(tokenSlot(asked)) === noRoom, where).toBe(room === null);
    if (room === null) continue;
    const isHeard = (other: string | null): boolean =>
      other !== null && groups.get(other) === groups.get(room);
    const expected = [...model].filter(
      ([, session]) => !session.deafened && [session.room, ...session.also].some(isHeard),
    );
    expect(hearing(asked), where).toEqual(expected.map(([token]) => token).sort((a, b) => a - b));
  }
});
