import { hasPackedAddress, packedAddressWords } from '@rookery/transport/packedAddress';
import type { PathTable } from '../tables/pathTable.js';
import type { WorkerTable } from '../tables/workerTable.js';
import { addressLogLength } from '../tables/workerTable.js';
import { AddressChanges } from './addressChanges.js';

/** The path tables of all workers as one of them sees them. */
export interface PathTables {
  readonly workers: WorkerTable;
  /** By worker. */
  readonly paths: readonly PathTable[];
  /** Which of them is its own. */
  readonly ownIndex: number;
}

/** Whether a session has an address: `race` where a row changed during every try to read it. */
export type PathState = 'found' | 'none' | 'race';

const twoPow32 = 0x1_0000_0000;

/** Words of a slot in what was found: token, address, and two that keep it in one cache line. */
const foundWords = 8;

/**
 * Where each session is reached. Every worker writes what it hears itself, and reads all: of the
 * addresses that workers know, the one of the latest Ping counts. Relay worker only; allocates
 * nothing.
 */
export class SessionPaths {
  /** What `find` found: five words. */
  readonly address = new Int32Array(packedAddressWords);
  readonly #workers: WorkerTable;
  readonly #paths: readonly PathTable[];
  readonly #ownIndex: number;
  readonly #own: PathTable;
  readonly #retriesMax: number;
  readonly #copyRow: readonly ((row: number) => void)[];
  /** By slot: for which session what was found last holds, or 0, and five words of address. */
  readonly #found: Int32Array;
  /** By worker: how many of its changes are known. */
  readonly #known: Uint32Array;
  readonly #changed: AddressChanges = new AddressChanges();
  /** Copied from a row. */
  readonly #rowAddress = new Int32Array(packedAddressWords);
  #rowToken = 0;
  #rowBindCounter = 0;

  constructor(tables: PathTables, retriesMax: number) {
    this.#workers = tables.workers;
    this.#paths = tables.paths;
    this.#ownIndex = tables.ownIndex;
    this.#own = tables.paths[tables.ownIndex]!;
    this.#retriesMax = retriesMax;
    this.#copyRow = tables.paths.map((table) => (row: number) => this.#copy(table, row));
    this.#found = new Int32Array(this.#own.rows * foundWords);
    this.#known = new Uint32Array(this.#workers.rows);
    this.#dropHalfWritten();
    // Also for what a worker before this one changed, and died before it was told.
    this.#tellAll();
  }

  /** What has changed so far, whichever worker changed it: call it before what it stands for. */
  changes(): AddressChanges {
    const { addressChanges } = this.#workers.columns;
    for (let worker = 0; worker < this.#workers.rows; worker++) {
      const count = addressChanges.load(worker);
      if (count !== this.#known[worker]) this.#follow(worker, count);
    }
    return this.#changed;
  }

  /** Looks for the session's current address; `address` holds it then, or zeros for none. */
  find(slot: number, token: number): PathState {
    this.changes();
    const at = slot * foundWords;
    if (this.#found[at]! >>> 0 === token) {
      for (let i = 0; i < packedAddressWords; i++) this.address[i] = this.#found[at + 1 + i]!;
      return 'found';
    }
    const state = this.#look(slot, token);
    if (state === 'found') {
      this.#found[at] = token;
      for (let i = 0; i < packedAddressWords; i++) this.#found[at + 1 + i] = this.address[i]!;
    }
    return state;
  }

  /** Reads a worker's log up to a count that it has reached. */
  #follow(worker: number, count: number): void {
    const { addressChanges, addressLog } = this.#workers.columns;
    const known = this.#known[worker]!;
    this.#known[worker] = count;
    const behind = (count - known) >>> 0;
    for (let i = 0; i < behind && behind < addressLogLength; i++) {
      const slot = addressLog.load(worker, (known + i) % addressLogLength);
      this.#found[slot * foundWords] = 0;
      this.#changed.add(slot);
    }
    // The log is a ring, whose oldest is being overwritten where the worker has come round.
    if ((addressChanges.load(worker) - known) >>> 0 < addressLogLength) return;
    for (let slot = 0; slot < this.#own.rows; slot++) this.#found[slot * foundWords] = 0;
    this.#changed.addAll();
  }

  #look(slot: number, token: number): PathState {
    let bindCounter = -1;
    for (let worker = 0; worker < this.#paths.length; worker++) {
      const table = this.#paths[worker]!;
      if (table.columns.token.load(slot) !== token) continue;
      const copy = this.#copyRow[worker]!;
      if (!table.groups.worker.readRow(slot, copy, this.#retriesMax)) return 'race';
      if (this.#rowToken !== token || !hasPackedAddress(this.#rowAddress)) continue;
      if (this.#rowBindCounter <= bindCounter) continue;
      bindCounter = this.#rowBindCounter;
      for (let i = 0; i < packedAddressWords; i++) this.address[i] = this.#rowAddress[i]!;
    }
    if (bindCounter !== -1) return 'found';
    this.address.fill(0);
    return 'none';
  }

  /** Whether `find` found this address. */
  isAt(address: Int32Array): boolean {
    let difference = 0;
    for (let i = 0; i < packedAddressWords; i++) difference |= address[i]! ^ this.address[i]!;
    return difference === 0;
  }

  /** Whether the counter is above all that other workers accepted from the session. */
  exceedsOthers(slot: number, token: number, counter: number): boolean {
    for (let worker = 0; worker < this.#paths.length; worker++) {
      if (worker === this.#ownIndex) continue;
      const { token: owner, replayHighest } = this.#paths[worker]!.columns;
      if (owner.load(slot) !== token) continue;
      const highest = replayHighest.load(slot, 0) + replayHighest.load(slot, 1) * twoPow32;
      if (counter <= highest) return false;
    }
    return true;
  }

  /** Whether the own row is the session's. */
  isOwn(slot: number, token: number): boolean {
    return this.#own.columns.token.load(slot) === token;
  }

  /** Takes the own row for a session, without an address. Its replay window is cleared before. */
  adopt(slot: number, token: number): void {
    const { columns, groups } = this.#own;
    groups.worker.writeRow(slot, (row) => {
      this.#clear(row);
      columns.token.store(row, token);
    });
  }

  /**
   * Makes an address the session's current one: that of a Ping with the highest counter so far.
   * Call it when `find` has looked for the session.
   */
  bind(slot: number, address: Int32Array, counter: number): void {
    const isChanged = !this.isAt(address);
    for (let i = 0; i < packedAddressWords; i++) this.#rowAddress[i] = address[i]!;
    this.#rowBindCounter = counter;
    this.#own.groups.worker.writeRow(slot, this.#writeRow);
    if (isChanged) this.#tell(slot);
  }

  /** Writes a change of the own table into the own log. */
  #tell(slot: number): void {
    const { addressChanges, addressLog } = this.#workers.columns;
    const count = addressChanges.load(this.#ownIndex);
    addressLog.store(this.#ownIndex, count % addressLogLength, slot);
    addressChanges.store(this.#ownIndex, count + 1);
  }

  /** The same for all sessions at once. */
  #tellAll(): void {
    this.#workers.columns.addressChanges.add(this.#ownIndex, addressLogLength);
  }

  #copy({ columns }: PathTable, row: number): void {
    this.#rowToken = columns.token.load(row);
    for (let i = 0; i < packedAddressWords; i++) this.#rowAddress[i] = columns.address.load(row, i);
    this.#rowBindCounter =
      columns.bindCounter.load(row, 0) + columns.bindCounter.load(row, 1) * twoPow32;
  }

  readonly #writeRow = (row: number): void => {
    const { address, bindCounter } = this.#own.columns;
    for (let i = 0; i < packedAddressWords; i++) address.store(row, i, this.#rowAddress[i]!);
    bindCounter.store(row, 0, this.#rowBindCounter);
    bindCounter.store(row, 1, Math.floor(this.#rowBindCounter / twoPow32));
  };

  #clear(row: number): void {
    const { address, bindCounter } = this.#own.columns;
    for (let i = 0; i < packedAddressWords; i++) address.store(row, i, 0);
    bindCounter.store(row, 0, 0);
    bindCounter.store(row, 1, 0);
  }

  /** A worker before this one may have died while it wrote an address: that session pings again. */
  #dropHalfWritten(): void {
    const { groups } = this.#own;
    for (let slot = 0; slot < this.#own.rows; slot++) {
      if ((groups.worker.version(slot) & 1) === 0) continue;
      groups.worker.writeRow(slot, (row) => this.#clear(row));
    }
  }
}
