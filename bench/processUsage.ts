import { readdirSync, readFileSync } from 'node:fs';
import { BenchError } from './benchError.js';

/** CPU that a process has used since it was started, and the memory that it holds. */
export interface ProcessUsage {
  /** The id of its main thread too. */
  readonly pid: number;
  /** In steps of 10 ms, and on most kernels guessed from where the clock's ticks fell. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly residentBytes: number;
  /** CPU seconds of each of its threads, exact, by thread id. */
  readonly threads: ReadonlyMap<number, number>;
}

/** What was used between two readings. */
export interface UsageBetween {
  /** Of all threads, exact. */
  readonly cpuSeconds: number;
  /** About what parts of it were. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly mainThreadSeconds: number;
  /** Of all other threads, the busiest first. */
  readonly otherThreadSeconds: readonly number[];
  /** At the later reading. */
  readonly residentBytes: number;
}

/** USER_HZ of Linux's interface, the same on every architecture that Node runs on (time(7)). */
const ticksPerSecond = 100;
/** Pages of statm are the system's; 4 KiB but on some arm64 kernels, where only this is off. */
const pageBytes = 4_096;

/** @throws BenchError `unavailable` where there is no such process, or no /proc */
export function readProcessUsage(pid: number): ProcessUsage {
  const folder = `/proc/${pid}`;
  try {
    const { userTicks, systemTicks } = parseStat(readFileSync(`${folder}/stat`, 'utf8'));
    const threads = new Map<number, number>();
    for (const name of readdirSync(`${folder}/task`)) {
      // The first number of schedstat: nanoseconds on a processor (sched-stats.rst of the kernel).
      const [nanoseconds] = readFileSync(`${folder}/task/${name}/schedstat`, 'utf8').split(' ');
      threads.set(Number(name), Number(nanoseconds) / 1e9);
    }
    const residentPages = Number(readFileSync(`${folder}/statm`, 'utf8').split(' ')[1]);
    return {
      pid,
      userSeconds: userTicks / ticksPerSecond,
      systemSeconds: systemTicks / ticksPerSecond,
      residentBytes: residentPages * pageBytes,
      threads,
    };
  } catch (cause) {
    const message = `The CPU time of process ${pid} cannot be read; that needs Linux's /proc.`;
    throw new BenchError('unavailable', message, { cause });
  }
}

export function usageBetween(before: ProcessUsage, after: ProcessUsage): UsageBetween {
  const usedBy = (thread: number): number =>
    (after.threads.get(thread) ?? 0) - (before.threads.get(thread) ?? 0);
  const mainThreadSeconds = usedBy(after.pid);
  const otherThreadSeconds = [...after.threads.keys()]
    .filter((thread) => thread !== after.pid)
    .map(usedBy)
    .sort((a, b) => b - a);
  return {
    cpuSeconds: otherThreadSeconds.reduce((sum, seconds) => sum + seconds, mainThreadSeconds),
    mainThreadSeconds,
    otherThreadSeconds,
    userSeconds: after.userSeconds - before.userSeconds,
    systemSeconds: after.systemSeconds - before.systemSeconds,
    residentBytes: after.residentBytes,
  };
}

/**
 * @param text of /proc/PID/stat (proc_pid_stat(5)): the second field is a name in parentheses that
 *   may itself hold spaces and parentheses; utime is field 14, stime 15
 */
export function parseStat(text: string): { userTicks: number; systemTicks: number } {
  const afterName = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { userTicks: Number(afterName[11]), systemTicks: Number(afterName[12]) };
}
