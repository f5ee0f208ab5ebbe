import { open, type RootDatabase } from 'lmdb';

/** LMDB's binding and nothing else: one table, one put a message, a group a transaction. */
export class BareLmdb {
  readonly #root: RootDatabase<Buffer, Buffer>;

  /** @param path of a directory */
  constructor(path: string) {
    this.#root = open<Buffer, Buffer>({
      path,
      encoding: 'binary',
      keyEncoding: 'binary',
      // As durable as the store: a promise that settles says that the disk has it.
      overlappingSync: false,
      eventTurnBatching: false,
    });
  }

  /** @returns once all are on the disk */
  async commit(keys: readonly Buffer[], value: Buffer): Promise<void> {
    await this.#root.batch(() => {
      for (const key of keys) void this.#root.put(key, value);
    });
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
