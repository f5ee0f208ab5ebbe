import { isatty } from 'node:tty';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Exit codes of the server and its supervisor: stopped when told to, could not run (or not any
 * more), wrong usage, to be started anew, forced by a second signal.
 */
export const exit = {
  stopped: 0,
  failed: 1,
  usage: 2,
  /** Its supervisor is to start it anew at once: EX_TEMPFAIL of sysexits(3). */
  restart: 75,
  forced: 130,
} as const;

/** What tells a server to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Has a server stop in its usual order and its supervisor start it anew, of the version that is
 * installed then. (Node would open its debugger by this signal.)
 */
export const restartSignal = 'SIGUSR1';

/** Has a server read its configuration again, or comes because its terminal was closed. */
export const hangUpSignal = 'SIGHUP';

const standardFds = [0, 1, 2];

/**
 * Tells the two reasons for a hang-up signal apart. Call it while the terminal is still there, if
 * there is one.
 *
 * @returns whether the terminal that a standard stream was connected to is gone
 */
export function watchTerminal(): () => boolean {
  // A console of Windows that is closed ends its programs some seconds later.
  if (process.platform === 'win32') return () => true;
  const terminals = standardFds.filter((fd) => isatty(fd));
  return () => terminals.some((fd) => !isatty(fd));
}

/** @returns whether the module at this URL is the program and not a part of another */
export function isProgram(moduleUrl: string): boolean {
  const script = process.argv[1];
  if (script === undefined || !existsSync(script)) return false;
  return realpathSync(script) === fileURLToPath(moduleUrl);
}
