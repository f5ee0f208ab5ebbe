import { readFileSync } from 'node:fs';

/** Tells this process from all others, also from a later one with the same number. */
export function ownProcessEntry(): string {
  return `${process.pid}.${processStat(process.pid)?.startTime ?? 'unknown'}`;
}

/** @param entry begins as ownProcessEntry() of whoever wrote it */
export function isProcessAlive(entry: string): boolean {
  const [processIdText = '', startTime = ''] = entry.split('.');
  const processId = Number(processIdText);
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const stat = processStat(processId);
  if (stat === null) return true;
  // One that is over has its number until its parent takes notice, which may never be.
  return !['Z', 'X'].includes(stat.state) && stat.startTime === startTime;
}

interface ProcessStat {
  readonly state: string;
  /** Clock ticks from boot to the start of the process. */
  readonly startTime: string;
}

/**
 * Fields 3 and 22 of proc(5)'s stat, counted after the parenthesised name, which may hold spaces.
 *
 * @returns null where the system does not tell
 */
function processStat(processId: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return null;
  }
}
