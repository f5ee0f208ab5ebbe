import type { ServerProcessOptions } from '../serverProcess.js';

/** What a bench can do to a server: end a relay worker's thread, or stall the main one. */
export type ServerFault = 'killRelay' | 'stallMain';

/** For so long the main thread does nothing: below what its watchdog allows. */
export const stallMs = 5_000;

/** How to start a server that a fault can happen to, by `causeFault`. */
export function processWithFault(fault: ServerFault): ServerProcessOptions {
  const hook = new URL('./faultHook.js', import.meta.url);
  return {
    nodeOptions: ['--import', hook.href],
    variables: { BENCH_FAULT: fault },
    // What it would log of the fault is what is measured.
    options: ['--log-level', 'silent'],
  };
}

/** Has it happen now. */
export function causeFault(pid: number): void {
  process.kill(pid, 'SIGUSR2');
}
