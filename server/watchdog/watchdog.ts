import { Worker } from 'node:worker_threads';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { LogLevel } from '../log/logLevels.js';
import type { WatchdogLimits } from '../limits.js';
import { heartbeatTable } from '../tables/heartbeatTable.js';

/** Given to the worker when it is made (`workerData`). */
export interface WatchdogSetup {
  readonly heartbeat: SharedTableMemory;
  readonly limits: WatchdogLimits;
  readonly logLevel: LogLevel;
}

export interface WatchdogOptions {
  readonly limits: WatchdogLimits;
  /** Of the line that it writes before it ends the process. */
  readonly logLevel: LogLevel;
  /** The watchdog itself has failed: nobody watches any more. */
  readonly onFault: (error: Error) => void;
}

export interface Watchdog {
  /** Call it before the thread does something on purpose that takes long. */
  close(): Promise<void>;
}

/**
 * The signal by which the watchdog ends the process: one that nothing else sends, so that whoever
 * started the process knows why it ended. No exit code, because a thread cannot end the process of
 * another with one. As a shell's exit code: 142.
 */
export const stuckSignal: NodeJS.Signals = process.platform === 'win32' ? 'SIGKILL' : 'SIGALRM';

/**
 * Has the calling thread watched from now on: a worker ends the whole process when the thread's
 * event loop stands still for longer than the limits allow, because nothing else could. Voice goes
 * on until then.
 */
export function startWatchdog({ limits, logLevel, onFault }: WatchdogOptions): Watchdog {
  const heartbeat = heartbeatTable.allocate(1);
  const beating = setInterval(() => {
    heartbeat.columns.beats.add(0, 1);
  }, limits.heartbeatMs);
  beating.unref();
  const setup: WatchdogSetup = { heartbeat: heartbeat.memory, limits, logLevel };
  const worker = new Worker(new URL('./watchdogWorker.js', import.meta.url), {
    workerData: setup,
    name: 'watchdog',
  });
  worker.unref();
  worker.on('error', onFault);
  return {
    close: async () => {
      await worker.terminate();
      clearInterval(beating);
    },
  };
}
