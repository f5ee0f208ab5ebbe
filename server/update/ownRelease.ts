import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseAround } from '@rookery/schemas/release/releaseInfo';

/** The folder of the release that this program is of; null: of none, but of a checkout. */
export function ownRelease(): string | null {
  return releaseAround(fileURLToPath(import.meta.url));
}

/**
 * How people call the command of this program in a shell.
 *
 * @param release as `ownRelease` says
 * @param searchPath the variable PATH
 */
export function ownCommand(release: string | null, searchPath: string): string {
  if (release === null) return 'npx rookery';
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  if (folders.some((folder) => isProgram(join(folder, 'rookery')))) return 'rookery';
  const program = join(release, 'bin', 'rookery');
  // Quoted as POSIX shells have it.
  return /^[\w./+~-]+$/.test(program) ? program : `'${program.replaceAll("'", "'\\''")}'`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
