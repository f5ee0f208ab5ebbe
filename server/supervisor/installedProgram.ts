import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runs a server. */
export interface InstalledProgram {
  /** Node. */
  readonly node: string;
  readonly program: string;
}

/**
 * Finds the server that is to be started, anew each time: an installation that was updated has
 * another one than this process is of, because the link that it was started by leads elsewhere.
 *
 * @param script as this process was started: `…/bin/rookery.mjs` of an installation, or another
 */
export function installedProgram(script: string): InstalledProgram {
  const release = dirname(dirname(resolve(script)));
  const program = join(release, 'node_modules', '@rookery', 'server', 'dist', 'main.js');
  const node = join(release, 'bin', 'node');
  if (existsSync(join(release, 'release.json')) && existsSync(program) && existsSync(node)) {
    return { node, program };
  }
  const own = fileURLToPath(new URL('../main.js', import.meta.url));
  return { node: process.execPath, program: own };
}
