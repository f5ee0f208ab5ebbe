import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackupRun, KeptBackup } from '@rookery/schemas/adminApi';
import type { Logger } from 'pino';
import { z } from 'zod';
import { unfinishedEnding } from '../store/backup.js';
import type { BackupMessage, BackupOrder } from '../store/backupProcess.js';

/** A folder's name: nothing that leads anywhere else, or that says that it is not whole. */
export const backupName = z.string().regex(/^(?!.*\.unfinished$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/**
 * Backups of the running server in a folder of its data, each made and read through by a process
 * of its own. One at a time. Main thread.
 */
export class Backups {
  /** Where they are. */
  readonly folder: string;
  readonly #dataDirectory: string;
  readonly #log: Logger;
  #running: BackupRun | null = null;
  #child: ChildProcess | null = null;

  constructor(dataDirectory: string, log: Logger) {
    this.folder = join(dataDirectory, 'backups');
    this.#dataDirectory = dataDirectory;
    this.#log = log;
  }

  /** The last one since the start; null where there was none. */
  get running(): BackupRun | null {
    return this.#running;
  }

  /**
   * @param name see `backupName`; null for one made of the time
   * @returns null where one is made already, or the name is taken
   */
  start(name: string | null): BackupRun | null {
    const startedAtMs = Date.now();
    const chosen = name ?? new Date(startedAtMs).toISOString().replace(/[:.]/g, '-');
    const out = join(this.folder, chosen);
    if (this.#child !== null || existsSync(out)) return null;
    this.#running = { name: chosen, startedAtMs, phase: 'files', fault: '' };
    const order: BackupOrder = { dataDirectory: this.#dataDirectory, folder: this.folder, out };
    const entry = fileURLToPath(new URL('../store/backupProcess.js', import.meta.url));
    const child = fork(entry, [JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    this.#child = child;
    child.on('message', (message) => this.#note(message as BackupMessage));
    child.once('error', (error) => this.#end(error.message));
    child.once('exit', (code) => this.#end(code === 0 ? '' : 'The backup ended in the middle.'));
    return this.#running;
  }

  /** The newest first. */
  async list(): Promise<KeptBackup[]> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.folder, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.endsWith(unfinishedEnding))
      .map(({ name }) => name);
    const kept = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        return { name, madeAtMs: (await stat(path)).mtimeMs, bytes: await bytesBelow(path) };
      }),
    );
    return kept.toSorted((a, b) => b.madeAtMs - a.madeAtMs);
  }

  /** @param name see `backupName` @returns false where there is none */
  async remove(name: string): Promise<boolean> {
    const path = join(this.folder, name);
    if (!existsSync(path) || this.#isMaking(name)) return false;
    await rm(path, { recursive: true });
    return true;
  }

  /** Ends one that is under way; what it has written is taken away by the next one. */
  close(): void {
    this.#child?.kill();
  }

  #isMaking(name: string): boolean {
    return this.#child !== null && this.#running?.name === name;
  }

  #note(message: BackupMessage): void {
    if (this.#running === null) return;
    if (message.kind === 'phase') this.#running = { ...this.#running, phase: message.phase };
    else this.#running = { ...this.#running, phase: 'failed', fault: message.text };
  }

  #end(fault: string): void {
    if (this.#child === null || this.#running === null) return;
    this.#child = null;
    const { name, phase } = this.#running;
    if (phase !== 'failed') {
      this.#running = { ...this.#running, phase: fault === '' ? 'done' : 'failed', fault };
    }
    if (this.#running.phase === 'done') this.#log.info({ name }, 'a backup is made');
    else this.#log.error({ name, fault: this.#running.fault }, 'a backup failed');
  }
}

async function bytesBelow(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  for (const file of files) bytes += (await stat(join(file.parentPath, file.name))).size;
  return bytes;
}
