import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { ServerError } from '../errors.js';
import { restartSignal } from '../program.js';
import { updateLimits } from '../updateLimits.js';
import { isSupervisor } from './supervisorSearch.js';

const run = promisify(execFile);

/** How the server is started anew once another version is the current one. */
export type RestartWay =
  /** What an operator gave: a command for the shell. */
  | { readonly kind: 'command'; readonly command: string }
  /** Who supervises the server loads the version that is current, and exchanges the server. */
  | { readonly kind: 'supervisor'; readonly pid: number }
  /** Its service runs or failed, without a supervisor of ours in sight. */
  | { readonly kind: 'systemd' }
  /** None runs. */
  | { readonly kind: 'none' };

const service = 'rookery.service';

/**
 * Tells whether systemd runs the server, or tries to: one that fails is still to be started, with
 * the version that is right. Who stopped it does not want it started.
 */
export async function isServiceUp(): Promise<boolean> {
  if (!existsSync('/run/systemd/system')) return false;
  const state = await run('systemctl', ['is-active', service]).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => ((error as { stdout?: string }).stdout ?? '').trim(),
  );
  return ['active', 'activating', 'deactivating', 'failed', 'reloading'].includes(state);
}

/**
 * Finds the way by which the server on this machine can be started anew.
 *
 * @param command of the operator, which goes before all else; null for none
 * @param supervisorPid as supervisorOf() found it
 * @param wasServiceUp as isServiceUp() told before anything was changed: a new version that ended
 *   well at once leaves a service that looks stopped
 */
export async function findRestartWay(
  command: string | null,
  supervisorPid: number | null,
  wasServiceUp: boolean,
): Promise<RestartWay> {
  if (command !== null) return { kind: 'command', command };
  if (supervisorPid !== null && isSupervisor(supervisorPid)) {
    return { kind: 'supervisor', pid: supervisorPid };
  }
  return wasServiceUp || (await isServiceUp()) ? { kind: 'systemd' } : { kind: 'none' };
}

/** @throws ServerError `updateFailed` where it cannot be started anew */
export async function restartServer(way: RestartWay): Promise<void> {
  const timeout = updateLimits.restartMsMax;
  try {
    switch (way.kind) {
      case 'command':
        await run('/bin/sh', ['-c', way.command], { timeout });
        return;
      case 'systemd':
        // One that failed too often is not started before that is forgotten.
        await run('systemctl', ['reset-failed', service], { timeout }).catch(() => undefined);
        await run('systemctl', ['restart', service], { timeout });
        return;
      case 'supervisor':
        process.kill(way.pid, restartSignal);
        return;
      case 'none':
        return;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new ServerError('updateFailed', `The server cannot be started anew: ${reason}.`, {
      cause,
    });
  }
}

/** For people. */
export function restartText(way: RestartWay): string {
  switch (way.kind) {
    case 'command':
      return `by: ${way.command}`;
    case 'systemd':
      return `by systemd (${service})`;
    case 'supervisor':
      return `by its supervisor (process ${way.pid})`;
    case 'none':
      return 'by nobody: no server runs here';
  }
}
