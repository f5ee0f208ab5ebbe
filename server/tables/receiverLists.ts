import assert from 'node:assert/strict';
import type { SharedTable, SharedTableMemory } from '@rookery/schemas/sharedTable';
import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * Lists of receivers, such as who hears each room. A list is never changed in place: it is written
 * whole into a free region of one shared arena, then its row is switched to that, and only then is
 * the old region free for another list. A reader copies the list and looks at the row's version
 * again, so that it never takes half a list, nor a region that was given away under it.
 */

/** What a worker needs to read the lists. */
export interface ReceiverListsMemory {
  readonly rows: SharedTableMemory;
  readonly arena: SharedTableMemory;
}

/**
 * One row a list, written by the main thread as one, so that its version moves with every change.
 *
 * | column | meaning                                    |
 * |--------|--------------------------------------------|
 * | offset | first word of the list in the arena        |
 * | count  | receivers: session tokens, one word each   |
 */
export const listTable = defineTable({
  name: 'lists',
  columns: {
    offset: { type: 'u32', writer: 'main' },
    count: { type: 'u32', writer: 'main' },
  },
});
type ListTable = ReturnType<typeof listTable.attach>;

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
 * Words that the arena needs, whatever the order in which lists grow and shrink, while they hold at
 * most `receiversMax` receivers together. A region is more than half full (in the smallest class it
 * holds one receiver at least), which bounds what one class can hold at a time; one more region of
 * a class may be in use while a list is switched. Regions never change their class, so all classes
 * add up.
 */
export function arenaWords(receiversMax: number, listsMax: number): number {
  let words = Math.min(receiversMax, listsMax) * regionWordsMin + regionWordsMin;
  for (let size = 1; size <= classOf(receiversMax); size++) {
    const regionWords = regionWordsMin << size;
    const regionsMax = Math.floor(receiversMax / (regionWords / 2 + 1));
    words += (regionsMax + 1) * regionWords;
  }
  return words;
}

/**
 * Receivers of all rooms' lists together, at most: each session where it is, and once for each room
 * that it listens to. While rooms come together or apart, their lists stand there twice.
 */
export function roomReceiversMax(limits: {
  readonly sessionsMax: number;
  readonly listeningsMax: number;
}): number {
  return 2 * (limits.sessionsMax + limits.listeningsMax);
}

/** Publishes lists. Main thread only. */
export class ReceiverListWriter {
  readonly memory: ReceiverListsMemory;
  readonly #rows: ListTable;
  readonly #arena: Arena;
  readonly #counts: Uint32Array;
  /** Offsets of free regions, by size class. */
  readonly #free: number[][];
  #unusedFrom = 0;

  constructor(receiversMax: number, listsMax: number) {
    this.#rows = listTable.allocate(listsMax);
    this.#arena = arenaOf(arenaWords(receiversMax, listsMax)).allocate(1);
    this.#counts = new Uint32Array(listsMax);
    this.#free = Array.from({ length: classOf(receiversMax) + 1 }, () => []);
    this.memory = { rows: this.#rows.memory, arena: this.#arena.memory };
  }

  /** Makes the first `count` tokens the receivers of a list. */
  publish(list: number, tokens: Uint32Array, count: number): void {
    const { columns, groups } = this.#rows;
    const oldOffset = columns.offset.load(list);
    const oldCount = this.#counts[list]!;
    const offset = count === 0 ? 0 : this.#takeRegion(classOf(count));
    for (let i = 0; i < count; i++) {
      this.#arena.columns.tokens.store(0, offset + i, tokens[i]!);
    }
    groups.main.writeRow(list, (row) => {
      columns.offset.store(row, offset);
      columns.count.store(row, count);
    });
    this.#counts[list] = count;
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
  readonly #rows: ListTable;
  readonly #tokens: Arena['columns']['tokens'];
  readonly #retriesMax: number;
  #copied = new Uint32Array(0);

  /** @param retriesMax how often a list is read again when it changes meanwhile */
  constructor(memory: ReceiverListsMemory, words: number, retriesMax: number) {
    this.#rows = listTable.attach(memory.rows);
    this.#tokens = arenaOf(words).attach(memory.arena).columns.tokens;
    this.#retriesMax = retriesMax;
  }

  /** Moves whenever the list changes. Allocates nothing. */
  version(list: number): number {
    return this.#rows.groups.main.version(list);
  }

  /**
   * The tokens of a list's receivers, in a new array: call it when the version has moved.
   *
   * @returns null where the list changed during every try
   */
  read(list: number): Uint32Array | null {
    const isWhole = this.#rows.groups.main.readRow(list, this.#copy, this.#retriesMax);
    return isWhole ? this.#copied : null;
  }

  readonly #copy = (row: number): void => {
    const offset = this.#rows.columns.offset.load(row);
    const count = this.#rows.columns.count.load(row);
    // Offset and count of different moments may lie beyond the arena; the version tells later.
    const end = Math.min(offset + count, this.#tokens.length);
    this.#copied = new Uint32Array(Math.max(0, end - offset));
    for (let i = 0; i < this.#copied.length; i++) {
      this.#copied[i] = this.#tokens.load(0, offset + i);
    }
  };
}
