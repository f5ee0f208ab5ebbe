/**
 * Tables in shared memory, declared once: from the declaration follow the layout, the typed
 * accessors and the one SharedArrayBuffer that all threads see. No offset is written anywhere else.
 *
 *      ┌ group of writer A ────────────────┐ 64  ┌ group of writer B ──────────────┐
 *      │ row 0: version, columns … │ row 1 …│free │ row 0: version, columns … │ row 1 …│
 *      └───────────────────────────────────┘bytes└──────────────────────────────────┘
 *
 * Each column has one writing thread; the columns of one writer form a group, and groups stay 64
 * bytes apart, so that no two writers share a cache line. Every access is atomic: the language
 * orders nothing else between threads. Each row of a group carries a version, odd while the row is
 * written (a seqlock): a reader that needs several columns of one moment reads them by `readRow`.
 */

/**
 * One column. `i32` and `u32` hold one number, `words` that many unsigned 32-bit numbers, `bytes`
 * that many bytes. `writer` names the one thread (or role of a thread) that may store into it.
 */
export type ColumnDefinition =
  | { readonly type: 'i32' | 'u32'; readonly writer: string }
  | { readonly type: 'words' | 'bytes'; readonly length: number; readonly writer: string };

export type ColumnDefinitions = Readonly<Record<string, ColumnDefinition>>;

/** What another thread needs to attach to a table; may be posted to a worker. */
export interface SharedTableMemory {
  readonly buffer: SharedArrayBuffer;
  readonly rows: number;
}

export interface SharedTable<C extends ColumnDefinitions> {
  readonly rows: number;
  readonly memory: SharedTableMemory;
  readonly columns: { readonly [Name in keyof C]: ColumnAccess<C[Name]> };
  /** The rows of each writer's columns. */
  readonly groups: { readonly [Writer in C[keyof C]['writer']]: RowGroup };
}

export interface TableDefinition<C extends ColumnDefinitions> {
  /** A new table of zeros. The only call that allocates shared memory. */
  allocate(rows: number): SharedTable<C>;
  /** The same table in another thread. @throws RangeError where the memory is another table's. */
  attach(memory: SharedTableMemory): SharedTable<C>;
}

type ColumnAccess<D extends ColumnDefinition> = D extends { readonly type: 'i32' }
  ? I32Column
  : D extends { readonly type: 'u32' }
    ? U32Column
    : D extends { readonly type: 'words' }
      ? WordsColumn
      : BytesColumn;

/** Bytes between what different threads write: a cache line. */
const isolationBytes = 64;
const wordBytes = 4;

/**
 * Declares a table.
 *
 * @param declaration `rowGapBytes` are left free between rows: 64 where every row has a writing
 *   thread of its own, 0 where it is left out
 */
export function defineTable<const C extends ColumnDefinitions>(declaration: {
  readonly name: string;
  readonly columns: C;
  readonly rowGapBytes?: number;
}): TableDefinition<C> {
  const attach = (memory: SharedTableMemory): SharedTable<C> => {
    const layout = layOut(declaration.columns, memory.rows, declaration.rowGapBytes ?? 0);
    if (memory.buffer.byteLength !== layout.bytes) {
      throw new RangeError(
        `${memory.rows} rows of table ${declaration.name} take ${layout.bytes} bytes, ` +
          `not ${memory.buffer.byteLength}`,
      );
    }
    return openTable(declaration.columns, memory, layout);
  };
  const allocate = (rows: number): SharedTable<C> => {
    const layout = layOut(declaration.columns, rows, declaration.rowGapBytes ?? 0);
    return attach({ buffer: new SharedArrayBuffer(layout.bytes), rows });
  };
  return { allocate, attach };
}

/**
 * Cells of one column or of versions: where they lie in the words of the buffer. Columns have
 * cells, rather than are cells, because a method that many classes inherit is compiled for none.
 */
class Cells {
  readonly words: Int32Array;
  readonly #rows: number;
  readonly #firstWord: number;
  readonly #strideWords: number;

  constructor(words: Int32Array, rows: number, { firstWord, strideWords }: Placement) {
    this.words = words;
    this.#rows = rows;
    this.#firstWord = firstWord;
    this.#strideWords = strideWords;
  }

  /** Index of a row's first word; a row that is not there would lie in another writer's group. */
  wordOf(row: number): number {
    if (!(row >= 0 && row < this.#rows)) throw new RangeError(`no row ${row} of ${this.#rows}`);
    return this.#firstWord + row * this.#strideWords;
  }
}

/** A signed 32-bit number a row. Allocates nothing; load from any thread, store from its writer. */
export class I32Column {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  load(row: number): number {
    return Atomics.load(this.#cells.words, this.#cells.wordOf(row));
  }

  store(row: number, value: number): void {
    Atomics.store(this.#cells.words, this.#cells.wordOf(row), value);
  }
}

/** An unsigned 32-bit number a row. Allocates nothing; load anywhere, the rest from its writer. */
export class U32Column {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  load(row: number): number {
    return Atomics.load(this.#cells.words, this.#cells.wordOf(row)) >>> 0;
  }

  store(row: number, value: number): void {
    Atomics.store(this.#cells.words, this.#cells.wordOf(row), value);
  }

  /** Adds modulo 2^32. Cheap because the one writer needs no atomic read-modify-write. */
  add(row: number, amount: number): void {
    const words = this.#cells.words;
    const word = this.#cells.wordOf(row);
    // Nobody else writes it, so what the writer reads need not be atomic, and costs a call less.
    Atomics.store(words, word, words[word]! + amount);
  }
}

/** Unsigned 32-bit numbers, `length` a row. Allocates nothing. */
export class WordsColumn {
  readonly #cells: Cells;

  constructor(
    cells: Cells,
    readonly length: number,
  ) {
    this.#cells = cells;
  }

  load(row: number, index: number): number {
    return Atomics.load(this.#cells.words, this.#wordAt(row, index)) >>> 0;
  }

  store(row: number, index: number, value: number): void {
    Atomics.store(this.#cells.words, this.#wordAt(row, index), value);
  }

  /** Adds modulo 2^32; writer only, as of `U32Column`. */
  add(row: number, index: number, amount: number): void {
    const words = this.#cells.words;
    const word = this.#wordAt(row, index);
    Atomics.store(words, word, words[word]! + amount);
  }

  #wordAt(row: number, index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`no word ${index}`);
    return this.#cells.wordOf(row) + index;
  }
}

/** Bytes, `length` a row. Allocates nothing. */
export class BytesColumn {
  readonly #cells: Cells;
  readonly #bytes: Uint8Array;

  constructor(
    cells: Cells,
    readonly length: number,
  ) {
    this.#cells = cells;
    this.#bytes = new Uint8Array(cells.words.buffer);
  }

  /** Copies the row's bytes to the start of `out`, which is at least `length` long. */
  read(row: number, out: Uint8Array): void {
    const first = this.#cells.wordOf(row) * wordBytes;
    for (let i = 0; i < this.length; i++) out[i] = Atomics.load(this.#bytes, first + i);
  }

  /** @throws RangeError where `value` has another length than the column */
  write(row: number, value: Uint8Array): void {
    if (value.length !== this.length) {
      throw new RangeError(`${value.length} bytes for a column of ${this.length}`);
    }
    const first = this.#cells.wordOf(row) * wordBytes;
    for (let i = 0; i < this.length; i++) Atomics.store(this.#bytes, first + i, value[i]!);
  }

  /** Whether the row holds what `value` starts with. */
  equals(row: number, value: Uint8Array): boolean {
    const first = this.#cells.wordOf(row) * wordBytes;
    for (let i = 0; i < this.length; i++) {
      if (Atomics.load(this.#bytes, first + i) !== value[i]) return false;
    }
    return true;
  }
}

/** The rows of one writer's columns, as units with a version. */
export class RowGroup {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /**
   * Lets `write` store into the row's columns while readers wait. Writer thread only. A row that a
   * died writer left half written becomes whole again by this.
   *
   * @param write must store every column whose value belongs together
   */
  writeRow(row: number, write: (row: number) => void): void {
    const word = this.#cells.wordOf(row);
    const writing = Atomics.load(this.#cells.words, word) | 1;
    Atomics.store(this.#cells.words, word, writing);
    write(row);
    Atomics.store(this.#cells.words, word, writing + 1);
  }

  /**
   * Lets `read` load the row's columns until it saw them all of one moment. Any thread; allocates
   * nothing where `read` is kept by the caller.
   *
   * @param read may run several times, and may see columns of different moments: it only copies
   * @returns false where the row was written during each of the 1 + `retriesMax` tries
   */
  readRow(row: number, read: (row: number) => void, retriesMax: number): boolean {
    const word = this.#cells.wordOf(row);
    for (let tries = 0; tries <= retriesMax; tries++) {
      const version = Atomics.load(this.#cells.words, word);
      if ((version & 1) !== 0) continue;
      read(row);
      if (Atomics.load(this.#cells.words, word) === version) return true;
    }
    return false;
  }

  /** Changes with every write of the row; odd while it is written. Any thread. */
  version(row: number): number {
    return Atomics.load(this.#cells.words, this.#cells.wordOf(row));
  }
}

interface Placement {
  readonly firstWord: number;
  readonly strideWords: number;
}

interface Layout {
  readonly bytes: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, Placement>;
  /** By writer: its rows' versions. */
  readonly versions: ReadonlyMap<string, Placement>;
}

function layOut(columns: ColumnDefinitions, rows: number, rowGapBytes: number): Layout {
  const entries = Object.entries(columns);
  const isolationWords = isolationBytes / wordBytes;
  const placements = new Map<string, Placement>();
  const versions = new Map<string, Placement>();
  let groupWord = 0;
  for (const writer of new Set(entries.map(([, column]) => column.writer))) {
    const own = entries.filter(([, column]) => column.writer === writer);
    const rowWords = own.reduce((sum, [, column]) => sum + wordsOf(column), 1);
    const strideWords = rowWords + Math.ceil(rowGapBytes / wordBytes);
    versions.set(writer, { firstWord: groupWord, strideWords });
    let firstWord = groupWord + 1;
    for (const [name, column] of own) {
      placements.set(name, { firstWord, strideWords });
      firstWord += wordsOf(column);
    }
    groupWord += rows * strideWords + isolationWords;
  }
  return { bytes: groupWord * wordBytes, columns: placements, versions };
}

function wordsOf(column: ColumnDefinition): number {
  if (column.type === 'words') return column.length;
  return column.type === 'bytes' ? Math.ceil(column.length / wordBytes) : 1;
}

function openTable<C extends ColumnDefinitions>(
  definitions: C,
  memory: SharedTableMemory,
  layout: Layout,
): SharedTable<C> {
  const words = new Int32Array(memory.buffer);
  const { rows } = memory;
  const columns = Object.entries(definitions).map(([name, definition]) => [
    name,
    openColumn(definition, new Cells(words, rows, layout.columns.get(name)!)),
  ]);
  const groups = [...layout.versions].map(([writer, placement]) => [
    writer,
    new RowGroup(new Cells(words, rows, placement)),
  ]);
  return {
    rows: memory.rows,
    memory,
    // The entries were made from the declaration's own keys, which fromEntries cannot express.
    columns: Object.fromEntries(columns) as SharedTable<C>['columns'],
    groups: Object.fromEntries(groups) as SharedTable<C>['groups'],
  };
}

function openColumn(
  definition: ColumnDefinition,
  cells: Cells,
): I32Column | U32Column | WordsColumn | BytesColumn {
  switch (definition.type) {
    case 'i32':
      return new I32Column(cells);
    case 'u32':
      return new U32Column(cells);
    case 'words':
      return new WordsColumn(cells, definition.length);
    case 'bytes':
      return new BytesColumn(cells, definition.length);
  }
}
