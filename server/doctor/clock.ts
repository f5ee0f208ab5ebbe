import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { DoctorFinding } from './findings.js';

/** There was no Rookery before, and certificates and tickets of today end long before that. */
const plausible = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2100, 0, 1) } as const;

/** Clocks that nobody sets drift by seconds a day; a difference below this one is no fault. */
const aheadMsMax = 60_000;

/**
 * Whether the clock may be right.
 *
 * @param nowMs milliseconds since 1970
 * @param newestMessageMs when the newest message was written; null where there is none
 */
export function clockFinding(nowMs: number, newestMessageMs: number | null): DoctorFinding {
  const subject = 'clock';
  const now = new Date(nowMs).toISOString();
  if (nowMs < plausible.from || nowMs > plausible.to) {
    return { subject, verdict: 'bad', text: `${now} cannot be. Set this machine's clock.` };
  }
  if (newestMessageMs !== null && newestMessageMs > nowMs + aheadMsMax) {
    const newest = new Date(newestMessageMs).toISOString();
    const text =
      `${now}, but the newest message is of ${newest}: the clock is wrong now, or was then. ` +
      'Where it is wrong now, set it before the server starts.';
    return { subject, verdict: 'attention', text };
  }
  return { subject, verdict: 'good', text: `${now}.` };
}

/** Whether something sets the clock by the network; null where the system does not tell. */
export type IsSynchronised = () => Promise<boolean | null>;

/** The file of systemd-timesyncd, else what timedatectl knows of any such service. */
export const isSynchronised: IsSynchronised = async () => {
  if (existsSync('/run/systemd/timesync/synchronized')) return true;
  const argv = ['show', '--property=NTPSynchronized', '--value'];
  const answer = await new Promise<string>((resolve) => {
    execFile('timedatectl', argv, { timeout: 2_000 }, (_error, said) => resolve(said.trim()));
  });
  return answer === 'yes' ? true : answer === 'no' ? false : null;
};

/** Tells of it. */
export async function timeServiceFinding(ask: IsSynchronised): Promise<DoctorFinding> {
  const subject = 'time service';
  const answer = await ask();
  if (answer === true) return { subject, verdict: 'good', text: 'the clock is set by NTP.' };
  const text =
    answer === false
      ? 'the clock is not set by NTP, and drifts. Run: timedatectl set-ntp true'
      : 'not known here whether the clock is set by NTP. Let chrony or systemd-timesyncd do so.';
  return { subject, verdict: 'attention', text };
}
