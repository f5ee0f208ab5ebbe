import { ServerError } from '../errors.js';
import type { StoreLimits } from '../limits.js';
import { asBuffer } from './keys.js';
import type { TableName, Write } from './tables.js';

export interface CommitQueueOptions {
  readonly limits: StoreLimits;
  /** Writes all of it or nothing; settles once it is durable. @throws ServerError */
  readonly commitGroup: (writes: readonly Write[]) => Promise<void>;
  /** Runs something at the end of this turn of the event loop. */
  readonly schedule: (run: () => void) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** The first group of a row that could not be written. */
  readonly onFault: (error: ServerError) => void;
  /** The first group that could be written again. */
  readonly onRecovered: () => void;
}

/** What is written together, and settles as one. */
interface Group {
  readonly writes: Write[];
  /** The newest value of each entry, by table and `keyText`, of the first `indexed` writes. */
  readonly newest: Map<TableName, Map<string, Write>>;
  /** Most groups are never asked for an entry, so their writes are looked at when one is. */
  indexed: number;
  bytes: number;
  readonly settled: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: ServerError) => void;
}

/** What a record takes beside its bytes: pages are not filled to the brim. */
const entryOverheadBytes = 64;

/**
 * Groups what is to be written: everything that is asked for while one group is on its way to the
 * disk makes the next. Order is kept.
 *
 *     commit ─► waiting ── end of turn, one group at a time ──► commitGroup ─► durable
 *                  └── with a group that fails, all that wait behind it fail ◄──┘
 *
 * What waits may have been decided by what fails, so it must not be written alone. After a fault
 * everything is refused for a moment without being tried, then the next is: so the queue recovers
 * by itself, and a full disk costs next to nothing.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #waiting = newGroup();
  #onItsWay: Group | null = null;
  #isScheduled = false;
  #fault: { readonly error: ServerError; readonly untilMs: number } | null = null;
  #isEnded = false;
  #onIdle: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** @returns what was asked to be written last; undefined where everything is durable */
  pending(table: TableName, key: Uint8Array): Write | undefined {
    if (this.#pendingBytes === 0) return undefined;
    const text = keyText(key);
    return newestOf(this.#waiting, table, text) ?? newestOf(this.#onItsWay, table, text);
  }

  commit(writes: readonly Write[]): Promise<void> {
    const { limits, nowMs } = this.#options;
    if (writes.length === 0) return Promise.resolve();
    if (this.#isEnded) return Promise.reject(closed());
    if (this.#fault !== null && nowMs() < this.#fault.untilMs) {
      return Promise.reject(copyOf(this.#fault.error));
    }
    const bytes = bytesOf(writes);
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > limits.pendingBytesMax) {
      const text = 'The server cannot store as fast as it is told to. Try again in a few seconds.';
      return Promise.reject(new ServerError('storageBusy', text));
    }
    const group = this.#waiting;
    group.bytes += bytes;
    for (const write of writes) group.writes.push(write);
    this.#schedule();
    return group.settled;
  }

  /** Settles with what was asked for last, and so with all before. */
  untilDurable(): Promise<void> {
    if (this.#waiting.writes.length > 0) return this.#waiting.settled;
    return this.#onItsWay?.settled ?? Promise.resolve();
  }

  /** Takes nothing more. Settles once nothing waits any more, written or not. */
  end(): Promise<void> {
    this.#isEnded = true;
    if (this.#pendingBytes === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Of what waits and of what is on its way. */
  get #pendingBytes(): number {
    return this.#waiting.bytes + (this.#onItsWay?.bytes ?? 0);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => void this.#commitGroup());
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting;
    this.#onItsWay = group;
    this.#waiting = newGroup();
    try {
      await this.#options.commitGroup(group.writes);
      this.#onItsWay = null;
      group.resolve();
      if (this.#fault !== null) this.#options.onRecovered();
      this.#fault = null;
    } catch (cause) {
      this.#fail(group, faultOf(cause));
    }
    this.#isScheduled = false;
    if (this.#waiting.writes.length > 0) this.#schedule();
    else this.#tellIdle();
  }

  #fail(group: Group, error: ServerError): void {
    if (this.#fault === null) this.#options.onFault(error);
    const { limits, nowMs } = this.#options;
    this.#fault = { error, untilMs: nowMs() + limits.retryAfterFaultMs };
    const behind = this.#waiting;
    this.#onItsWay = null;
    this.#waiting = newGroup();
    group.reject(error);
    behind.reject(copyOf(error));
  }

  #tellIdle(): void {
    const listeners = this.#onIdle;
    this.#onIdle = [];
    for (const listener of listeners) listener();
  }
}

/** What becomes of those who come too late. */
export function closed(): ServerError {
  return new ServerError('storageFault', 'The server is stopping. Try again when it is back.');
}

function bytesOf(writes: readonly Write[]): number {
  let bytes = 0;
  for (const { key, value } of writes) {
    bytes += entryOverheadBytes + key.length + (value?.length ?? 0);
  }
  return bytes;
}

function newGroup(): Group {
  let resolve!: () => void;
  let reject!: (error: ServerError) => void;
  const settled = new Promise<void>((toResolve, toReject) => {
    resolve = toResolve;
    reject = toReject;
  });
  // Nobody may wait for a group in which there is nothing.
  settled.catch(() => undefined);
  return { writes: [], newest: new Map(), indexed: 0, bytes: 0, settled, resolve, reject };
}

function newestOf(group: Group | null, table: TableName, text: string): Write | undefined {
  if (group === null) return undefined;
  const { writes, newest } = group;
  for (; group.indexed < writes.length; group.indexed++) {
    const write = writes[group.indexed]!;
    let entries = newest.get(write.table);
    if (entries === undefined) {
      entries = new Map();
      newest.set(write.table, entries);
    }
    entries.set(keyText(write.key), write);
  }
  return newest.get(table)?.get(text);
}

function keyText(key: Uint8Array): string {
  return asBuffer(key).toString('latin1');
}

/** An error of its own for those who were not there when it happened. */
function copyOf(error: ServerError): ServerError {
  return new ServerError(error.code, error.message, { cause: error });
}

function faultOf(cause: unknown): ServerError {
  if (cause instanceof ServerError) return cause;
  return new ServerError('storageFault', 'Writing failed inside the server.', { cause });
}
