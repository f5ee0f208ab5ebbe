import { readFileSync } from 'node:fs';
import { livingHolder } from '../store/dataDirectory.js';

/** Command lines (arguments end in a zero) of what starts a server again. */
const supervisorPattern = /(^|[/\0])(rookery\.mjs\0server|supervisor\.js)(\0|$)/;

/**
 * Finds who supervises the server that runs on a data directory. Linux; elsewhere nobody is found.
 *
 * @returns its process id; null where no server runs there, or nobody supervises it
 */
export function supervisorOf(dataDirectory: string): number | null {
  const holder = livingHolder(dataDirectory);
  const parent = holder === null ? null : parentOf(holder.processId);
  return parent !== null && isSupervisor(parent) ? parent : null;
}

/** Whether a process is one that supervises a server: nobody else is sent a signal. */
export function isSupervisor(pid: number): boolean {
  try {
    return supervisorPattern.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
  } catch {
    return false;
  }
}

/** Field 4 of proc(5)'s stat, counted after the parenthesised name, which may hold spaces. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
