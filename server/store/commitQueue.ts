import { ServerError } from '../errors.js';
import type { StoreLimits } from '../limits.js';
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

interface Waiting {
  readonly writes: readonly Write[];
  readonly bytes: number;
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
  /** Newest value of each entry that is not durable yet, by `keyText`. */
  readonly #pending = new Map<string, Write>();
  #waiting: Waiting[] = [];
  /** Of what waits and of what is on its way. */
  #pendingBytes = 0;
  #isScheduled = false;
  #fault: { readonly error: ServerError; readonly untilMs: number } | null = null;
  #isEnded = false;
  #onIdle: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** @returns what was asked to be written last; undefined where everything is durable */
  pending(table: TableName, key: Uint8Array): Write | undefined {
    return this.#pending.size === 0 ? undefined : this.#pending.get(keyText(table, key));
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
    this.#pendingBytes += bytes;
    for (const write of writes) this.#pending.set(keyText(write.table, write.key), write);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** Takes nothing more. Settles once nothing waits any more, written or not. */
  end(): Promise<void> {
    this.#isEnded = true;
    if (this.#pendingBytes === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => void this.#commitGroup());
  }

  async #commitGroup(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      await this.#options.commitGroup(group.flatMap(({ writes }) => writes));
      this.#settle(group, (waiting) => waiting.resolve());
      if (this.#fault !== null) this.#options.onRecovered();
      this.#fault = null;
    } catch (cause) {
      const error = faultOf(cause);
      if (this.#fault === null) this.#options.onFault(error);
      const { limits, nowMs } = this.#options;
      this.#fault = { error, untilMs: nowMs() + limits.retryAfterFaultMs };
      const failed = [...group, ...this.#waiting];
      this.#waiting = [];
      this.#settle(failed, (waiting) => waiting.reject(copyOf(error)));
    }
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
    else this.#tellIdle();
  }

  #settle(group: readonly Waiting[], settle: (waiting: Waiting) => void): void {
    for (const waiting of group) {
      this.#pendingBytes -= waiting.bytes;
      for (const write of waiting.writes) {
        const text = keyText(write.table, write.key);
        if (this.#pending.get(text) === write) this.#pending.delete(text);
      }
    }
    for (const waiting of group) settle(waiting);
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

function keyText(table: TableName, key: Uint8Array): string {
  const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
  return `${table}:${text}`;
}

/** An error of its own for each caller, so that each has its own stack. */
function copyOf(error: ServerError): ServerError {
  return new ServerError(error.code, error.message, { cause: error });
}

function faultOf(cause: unknown): ServerError {
  if (cause instanceof ServerError) return cause;
  return new ServerError('storageFault', 'Writing failed inside the server.', { cause });
}
