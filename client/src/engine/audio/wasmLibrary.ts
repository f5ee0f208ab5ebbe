import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ClientError } from '../clientError.js';

/** Where a library of WebAssembly lies, and what it wants of its surroundings. */
export interface WasmLibrary {
  /** Path of its file, below its package. */
  readonly file: string;
  readonly imports: Record<string, Record<string, unknown>>;
  /** What it does, for people: "the sound codec". */
  readonly what: string;
}

/**
 * Loads a library of its own for the thread that asks: nothing is shared.
 *
 * @returns its exports, to be taken for what the pinned version of its package has
 * @throws ClientError 'internal' where it cannot be loaded
 */
export function loadWasm({ file, imports, what }: WasmLibrary): unknown {
  try {
    const path = createRequire(import.meta.url).resolve(file);
    const module = new WebAssembly.Module(readFileSync(path));
    return new WebAssembly.Instance(module, imports).exports;
  } catch (cause) {
    throw new ClientError('internal', `${what} could not be loaded; install Rookery anew`, {
      cause,
    });
  }
}

/** Stands in for what a library calls when it has no way on. @returns a function that throws */
export function abortOf(what: string): () => never {
  return () => {
    throw new ClientError('internal', `${what} stopped by itself`);
  };
}
