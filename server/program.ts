import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Exit codes of the server and its supervisor: stopped when told to, could not run (or not any
 * more), wrong usage, forced by a second signal.
 */
export const exit = { stopped: 0, failed: 1, usage: 2, forced: 130 } as const;

/** What tells a server to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns whether the module at this URL is the program and not a part of another */
export function isProgram(moduleUrl: string): boolean {
  const script = process.argv[1];
  if (script === undefined || !existsSync(script)) return false;
  return realpathSync(script) === fileURLToPath(moduleUrl);
}
