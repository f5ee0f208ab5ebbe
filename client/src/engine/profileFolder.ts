import { isAbsolute, join } from 'node:path';

/** What decides where a user's settings are; given, so that each platform can be tested on any. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/**
 * Folder of the user's identity and known servers where no other was chosen: below
 * `$XDG_CONFIG_HOME` or `~/.config` (XDG base directory specification), `~/Library/Application
 * Support` on macOS, `%APPDATA%` on Windows. Does not make it.
 */
export function defaultProfileFolder({ platform, env, homeFolder }: Surroundings): string {
  if (platform === 'win32') {
    return join(env['APPDATA'] ?? join(homeFolder, 'AppData', 'Roaming'), 'rookery');
  }
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support', 'rookery');
  const xdg = env['XDG_CONFIG_HOME'];
  // The specification: a relative path there is to be ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeFolder, '.config');
  return join(base, 'rookery');
}
