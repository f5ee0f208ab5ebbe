import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BenchError } from './benchError.js';
import type { Bench } from './bench.js';
import { keptResults, resultTableFile } from './results.js';

/** Seen from the compiled file. */
export const readmeFile = fileURLToPath(new URL('../../README.md', import.meta.url));

/** Reckons sizes for the operator's guide from the same results. */
const operatorTables = fileURLToPath(
  new URL('../../scripts/generateOperatorTables.mjs', import.meta.url),
);

/** Puts the tables of `bench/results` where README shows them; measures nothing. */
export const readmeTables: Bench = {
  name: 'readme',
  summary: 'puts the results that were kept last into README.md and docs; measures nothing',
  run: (args, output) => {
    if (args.length > 0) throw new BenchError('usage', 'readme takes no options.');
    const tables = keptResults.filter((name) => existsSync(resultTableFile(name)));
    let text = readFileSync(readmeFile, 'utf8');
    for (const name of tables) {
      text = replaceTable(text, name, readFileSync(resultTableFile(name), 'utf8'));
    }
    writeFileSync(readmeFile, text);
    execFileSync(process.execPath, [operatorTables]);
    output.out(`put into README.md: ${tables.length === 0 ? 'nothing' : tables.join(', ')}\n`);
    return Promise.resolve();
  },
};

/**
 * Replaces what stands between `<!-- bench NAME -->` and `<!-- end of bench NAME -->`. Pure.
 *
 * @throws BenchError `unavailable` where these are not there
 */
export function replaceTable(text: string, name: string, table: string): string {
  const start = `<!-- bench ${name} -->`;
  const end = `<!-- end of bench ${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from === -1 || to < from) {
    throw new BenchError('unavailable', `README.md needs a line ${start} before a line ${end}.`);
  }
  return `${text.slice(0, from + start.length)}\n\n${table.trim()}\n\n${text.slice(to)}`;
}
