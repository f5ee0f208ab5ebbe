import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figureTable, type BenchReport } from './bench.js';

/** Benches whose results are kept, and shown in README. */
export const keptResults = [
  'relay',
  'faults',
  'chat',
  'store',
  'state',
  'reconnect',
  'update',
  'memory',
  'bots',
  'soak',
  'login-flood',
  'hostile',
  'jitter',
  'audio',
  'mouth-to-ear',
  'drift',
  'window',
  'operator',
  'history',
  'mute',
  'plugins',
  'certificate-swap',
] as const;
export type KeptResult = (typeof keptResults)[number];

/** Where they are kept, seen from the compiled file. */
export const resultsFolder = fileURLToPath(new URL('../results/', import.meta.url));

/** The Markdown of a kept result. */
export function resultTableFile(name: KeptResult, folder = resultsFolder): string {
  return join(folder, `${name}.md`);
}

/**
 * Keeps a result as `bench/results/NAME.json`, and what people read of it as `NAME.md`.
 *
 * @returns the JSON
 */
export function keepResult(
  name: KeptResult,
  report: object,
  markdown: string,
  folder = resultsFolder,
): string {
  const json = JSON.stringify(report, null, 2);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${json}\n`);
  writeFileSync(resultTableFile(name, folder), `${markdown}\n`);
  return json;
}

/** Keeps what a bench of figures has measured. */
export function keepFigures(name: KeptResult): (report: BenchReport) => void {
  return (report) => void keepResult(name, report, figureTable(report));
}
