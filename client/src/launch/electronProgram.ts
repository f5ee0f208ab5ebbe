import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programArguments, type ProgramOptions } from '../main/programArguments.js';

/**
 * Finds Electron's program without fetching it, as requiring its package would.
 *
 * @param packageFolder of the package `electron`, which holds no program until it is installed
 * @returns null where it is not installed
 */
export function electronProgram(
  packageFolder: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const name = installedName(packageFolder);
  const elsewhere = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const path =
    elsewhere === undefined
      ? name && join(packageFolder, 'dist', name)
      : join(elsewhere, name ?? usualName(process.platform));
  return path !== null && existsSync(path) ? path : null;
}

/** What the program is started with. @param appFolder holds the package.json of what it runs */
export function electronArguments(
  appFolder: string,
  options: ProgramOptions,
  link: string | undefined,
): string[] {
  return [appFolder, ...programArguments(options), ...(link === undefined ? [] : [link])];
}

function installedName(packageFolder: string): string | null {
  const path = join(packageFolder, 'path.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function usualName(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}
