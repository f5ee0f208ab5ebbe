import assert from 'node:assert/strict';
import type { SharedTable, SharedTableMemory } from '@rookery/schemas/sharedTable';
import { defineTable } from '@rookery/schemas/sharedTable';
import type { RoomTable } from './roomTable.js';
import { roomTable } from './roomTable.js';

/**
 * Who hears each room. A list is never changed in place: it is written whole into a free region of
 * one shared arena, then the room's row is switched to it, and only then is the old region free for
 * another list. A reader copies the list and looks at the row's version again, so that it never
 * takes half a list, nor a region that was given away under it.
 */

/** What a worker needs to read the lists. */
export interface ReceiverListsMemory {
  readonly rooms: SharedTableMemory;
  readonly arena: SharedTableMemory;
}

/** Words of the smallest region; each next size class is twice as large. */
const regionWordsMin = 8;

const arenaOf = (words: number) =>
  defineTable({
    name: 'receiverArena',
    columns: { tokens: { type: 'words', length: words, writer: 'main' } },
  });
type Arena = SharedTable<{
  readonly tokens: { readonly type: 'words'; readonly length: number; readonly writer: 'main' };
}>;

/** Size class of a list: 0 holds up to 8 receivers, 1 up to 16, 2 up to 32, … */
function classOf(count: number): number {
  return Math.max(0, 29 - Math.clz32(count - 1));
}

/**
 * Words that the arena needs, whatever the order in which lists grow and shrink. A session is in
 * one list, and a region is more than half full (in the smallest class it holds one receiver at
 * least), which bounds what one class can hold at a time; one more region of a class may be in
 * use while a list is switched. Regions never change their class, so all classes add up.
 */
export function arenaWords(sessionsMax: number, roomsMax: number): number {
  let words = Math.min(sessionsMax, roomsMax) * regionWordsMin + regionWordsMin;
  for (let size = 1; size <= classOf(sessionsMax); size++) {
    const regionWords = regionWordsMin << size;
    const regionsMax = Math.floor(sessionsMax / (regionWords / 2 + 1));
    words += (regionsMax + 1) * regionWords;
  }
  return words;
}

/** Publishes lists. Main thread only. */
export class ReceiverListWriter {
  readonly memory: ReceiverListsMemory;
  readonly #rooms: RoomTable;
  readonly #arena: Arena;
  readonly #counts: Uint32Array;
  /** Offsets of free regions, by size class. */
  readonly #free: number[][];
  #unusedFrom = 0;

  constructor(sessionsMax: number, roomsMax: number) {
    this.#rooms = roomTable.allocate(roomsMax);
    this.#arena = arenaOf(arenaWords(sessionsMax, roomsMax)).allocate(1);
    this.#counts = new Uint32Array(roomsMax);
    this.#free = Array.from({ length: classOf(sessionsMax) + 1 }, () => []);
    this.memory = { rooms: this.#rooms.memory, arena: this.#arena.memory };
  }

  /** Makes the first `count` tokens the receivers of a room. */
  publish(roomIndex: number, tokens: Uint32Array, count: number): void {
    const { listOffset, listCount } = this.#rooms.columns;
    const oldOffset = listOffset.load(roomIndex);
    const oldCount = this.#counts[roomIndex]!;
    const offset = count === 0 ? 0 : this.#takeRegion(classOf(count));
    for (let i = 0; i < count; i++) {
      this.#arena.columns.tokens.store(0, offset + i, tokens[i]!);
    }
    this.#rooms.groups.main.writeRow(roomIndex, (row) => {
      listOffset.store(row, offset);
      listCount.store(row, count);
    });
    this.#counts[roomIndex] = count;
    if (oldCount > 0) this.#free[classOf(oldCount)]!.push(oldOffset);
  }

  #takeRegion(sizeClass: number): number {
    const free = this.#free[sizeClass]!.pop();
    if (free !== undefined) return free;
    const offset = this.#unusedFrom;
    this.#unusedFrom += regionWordsMin << sizeClass;
    assert(this.#unusedFrom <= this.#arena.columns.tokens.length, 'the arena holds every list');
    return offset;
  }
}

/** Reads lists. Any thread, one reader each. */
export class ReceiverListReader {
  readonly #rooms: RoomTable;
  readonly #tokens: Arena['columns']['tokens'];
  readonly #retriesMax: number;
  #copied = new Uint32Array(0);

  /** @param retriesMax how often a list is read again when it changes meanwhile */
  constructor(memory: ReceiverListsMemory, words: number, retriesMax: number) {
    this.#rooms = roomTable.attach(memory.rooms);
    this.#tokens = arenaOf(words).attach(memory.arena).columns.tokens;
    this.#retriesMax = retriesMax;
  }

  /** Moves whenever the room's list changes. Allocates nothing. */
  version(roomIndex: number): number {
    return this.#rooms.groups.main.version(roomIndex);
  }

  /**
   * The tokens of a room's receivers, in a new array: call it when the version has moved.
   *
   * @returns null where the list changed during every try
   */
  read(roomIndex: number): Uint32Array | null {
    const isWhole = this.#rooms.groups.main.readRow(roomIndex, this.#copy, this.#retriesMax);
    return isWhole ? this.#copied : null;
  }

  readonly #copy = (row: number): void => {
    const offset = this.#rooms.columns.listOffset.load(row);
    const count = this.#rooms.columns.listCount.load(row);
    // Offset and count of different moments may lie beyond the arena; the version tells later.
    const end = Math.min(offset + count, this.#tokens.length);
    this.#copied = new Uint32Array(Math.max(0, end - offset));
    for (let i = 0; i < this.#copied.length; i++) {
      this.#copied[i] = this.#tokens.load(0, offset + i);
    }
  };
}
