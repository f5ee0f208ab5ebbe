import { readFileSync } from 'node:fs';
import { BenchError } from '../benchError.js';

/** A look at a server, between two rounds. */
export interface SoakSample {
  /** Since the first round began. */
  readonly minutes: number;
  /** Memory of its own: pages of the database come and go as the kernel likes. */
  readonly anonymousMiB: number;
  /** Handles, timers and requests that keep its event loop alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** @throws BenchError `unavailable` where the server does not tell, or there is no /proc */
export async function lookAtServer(
  pid: number,
  adminPort: number,
  minutes: number,
): Promise<SoakSample> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`);
  const resources = resourcesOf(await response.text());
  return { minutes, anonymousMiB: anonymousMiBOf(statusOf(pid)), resources };
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch (cause) {
    const message = `The memory of process ${pid} cannot be read; that needs Linux's /proc.`;
    throw new BenchError('unavailable', message, { cause });
  }
}

/** @param status of /proc/PID/status (proc_pid_status(5)) */
export function anonymousMiBOf(status: string): number {
  const kibibytes = /^RssAnon:\s+(\d+) kB/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new BenchError('unavailable', 'RssAnon is not told.');
  return Number(kibibytes) / 1_024;
}

/** @param metrics in the text format of Prometheus */
export function resourcesOf(metrics: string): Record<string, number> {
  const lines = metrics.matchAll(/^nodejs_active_resources\{type="([^"]+)"\} (\d+)/gm);
  return Object.fromEntries(Array.from(lines, ([, type, count]) => [type!, Number(count)]));
}
