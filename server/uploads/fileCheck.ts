import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { UploadLimits } from '../uploadLimits.js';
import type { FileFindings } from './fileCheckWorker.js';

/** Finds out what a file is, beside the main thread. A thread is there while there is work. */
export class FileCheck {
  readonly #threadsMax: number;
  #pool: Piscina<string, FileFindings> | null = null;

  constructor({ checkThreadsMax }: UploadLimits) {
    this.#threadsMax = checkThreadsMax;
  }

  /** Waits for its turn. Throws what node:fs throws. */
  check(path: string): Promise<FileFindings> {
    this.#pool ??= new Piscina({
      filename: fileURLToPath(new URL('./fileCheckWorker.js', import.meta.url)),
      minThreads: 0,
      maxThreads: this.#threadsMax,
      idleTimeout: 10_000,
    });
    return this.#pool.run(path, { name: 'checkFile' });
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
