import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from './durableWrite.js';
import { PluginError } from './errors.js';
import type { PluginLimits } from './limits.js';
import { WritePace } from './writePace.js';

type StoreLimits = Pick<
  PluginLimits,
  | 'storeBytesMax'
  | 'storeKeysMax'
  | 'storeKeyBytesMax'
  | 'storeValueBytesMax'
  | 'storeWritesBurst'
  | 'storeWriteMs'
>;

const storeFile = z.strictObject({
  version: z.literal(1),
  entries: z.array(z.tuple([z.string(), z.string()])),
});

/**
 * What one plugin keeps: a small file of its own, in memory as a whole. What was set is on the disk
 * when the promise says so.
 */
export class KeyValueStore {
  readonly #file: string;
  readonly #limits: StoreLimits;
  #entries: ReadonlyMap<string, string>;
  #writing: Promise<void> = Promise.resolve();
  readonly #pace: WritePace;

  private constructor(file: string, limits: StoreLimits, entries: ReadonlyMap<string, string>) {
    this.#file = file;
    this.#limits = limits;
    this.#entries = entries;
    this.#pace = new WritePace(limits.storeWritesBurst, limits.storeWriteMs);
  }

  /** @throws PluginError `storageFault` for a file that cannot be read */
  static async open(file: string, limits: StoreLimits): Promise<KeyValueStore> {
    try {
      const { entries } = storeFile.parse(JSON.parse(await readFile(file, 'utf8')));
      return new KeyValueStore(file, limits, new Map(entries));
    } catch (cause) {
      if (isAbsent(cause)) return new KeyValueStore(file, limits, new Map());
      const text = `${file} cannot be read. Move it away, and the plugin begins with nothing kept.`;
      throw new PluginError('storageFault', text, { cause });
    }
  }

  get(key: string): string | null {
    return this.#entries.get(key) ?? null;
  }

  /** @throws PluginError `storeFull` or `storageFault`; nothing was changed then */
  set(key: string, value: string): Promise<void> {
    return this.#change((entries) => entries.set(key, value));
  }

  /** @throws PluginError `storageFault`; nothing was changed then */
  delete(key: string): Promise<void> {
    return this.#change((entries) => entries.delete(key));
  }

  /** Waits until nothing is being written any more. Before somebody else opens the file. */
  idle(): Promise<void> {
    return this.#writing;
  }

  /** One after another, each on what the one before left. */
  #change(apply: (entries: Map<string, string>) => void): Promise<void> {
    const changed = this.#writing.then(async () => {
      await this.#untilTurn();
      const entries = new Map(this.#entries);
      apply(entries);
      this.#checkSize(entries);
      await this.#write(entries);
      this.#entries = entries;
    });
    this.#writing = changed.catch(() => undefined);
    return changed;
  }

  /** Who writes without end is slowed down, and nothing of it is lost. */
  async #untilTurn(): Promise<void> {
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }

  #checkSize(entries: ReadonlyMap<string, string>): void {
    const { storeKeysMax, storeBytesMax, storeKeyBytesMax, storeValueBytesMax } = this.#limits;
    let bytes = 0;
    for (const [key, value] of entries) {
      const [keyBytes, valueBytes] = [Buffer.byteLength(key), Buffer.byteLength(value)];
      if (keyBytes > storeKeyBytesMax || valueBytes > storeValueBytesMax) {
        throw full(`a key has at most ${storeKeyBytesMax} bytes, a value ${storeValueBytesMax}`);
      }
      bytes += keyBytes + valueBytes;
    }
    if (bytes > storeBytesMax) throw full(`at most ${storeBytesMax} bytes are kept`);
    if (entries.size > storeKeysMax) throw full(`at most ${storeKeysMax} keys are kept`);
  }

  async #write(entries: ReadonlyMap<string, string>): Promise<void> {
    const content: z.input<typeof storeFile> = { version: 1, entries: [...entries] };
    try {
      await writeDurably(this.#file, JSON.stringify(content));
    } catch (cause) {
      const text = `${this.#file} cannot be written. Look at the disk and at who owns the folder.`;
      throw new PluginError('storageFault', text, { cause });
    }
  }
}

function full(why: string): PluginError {
  return new PluginError('storeFull', `Not kept: ${why}. Delete keys that are not needed.`);
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
