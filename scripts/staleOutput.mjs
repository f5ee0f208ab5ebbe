// The tests run as compiled, so what was compiled from a file that is gone must go too.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const compiledEndings = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

/**
 * Removes the output of sources that do not exist any more. Only files that tsc made are touched:
 * those with a declaration beside them.
 *
 * @param {string} workspace Folder of the workspace; its output is in `dist` below it.
 * @returns {string[]} Paths of the sources that are gone, relative to the workspace.
 */
export function removeStaleOutput(workspace) {
  const output = join(workspace, 'dist');
  if (!existsSync(output)) return [];
  const gone = readdirSync(output, { recursive: true })
    .filter((path) => path.endsWith('.d.ts'))
    .map((path) => path.slice(0, -'.d.ts'.length))
    .filter((stem) => !existsSync(join(workspace, `${stem}.ts`)));
  for (const stem of gone) {
    for (const ending of compiledEndings) rmSync(join(output, stem + ending), { force: true });
  }
  return gone.map((stem) => `${stem}.ts`);
}
