import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../store/durableFile.js';

/** When the newest manifest of each key was signed. */
const recordSchema = z.record(z.string(), z.iso.datetime());
const fileName = 'accepted.json';

/**
 * Remembers the newest manifest of each key that was accepted, so that none before it is again. Who
 * only looks for a release and may not write here keeps nothing.
 */
export class AcceptedManifests {
  readonly #folder: string;

  /** @param folder of the work of an installation; it may not be there yet */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns when the newest one was signed; null where none was accepted */
  newestOf(key: string): string | null {
    return this.#read()[key] ?? null;
  }

  /** @param issued when it was signed; one before the newest changes nothing */
  accept(key: string, issued: string): void {
    const newest = this.newestOf(key);
    if (newest !== null && Date.parse(newest) >= Date.parse(issued)) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeWhole(this.#path, `${JSON.stringify({ ...this.#read(), [key]: issued })}\n`);
    } catch (error) {
      if (!mayNot.has(codeOf(error))) throw error;
    }
  }

  #read(): Record<string, string> {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  get #path(): string {
    return join(this.#folder, fileName);
  }
}

const mayNot: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
