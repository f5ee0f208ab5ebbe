import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcessOptions } from '../serverProcess.js';

/** Names the file into which the hook writes. */
export const eventLoopFileVariable = 'BENCH_EVENT_LOOP_FILE';

/** How late timers of a main thread were, with the 5 ms between two looks. */
export interface EventLoopDelay {
  /** Which of the tellings this is. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Starts a server whose event loop is watched. */
export function withEventLoopHook(
  file: string,
): Pick<ServerProcessOptions, 'nodeOptions' | 'variables'> {
  const hook = new URL('./eventLoopHook.js', import.meta.url);
  return { nodeOptions: ['--import', hook.href], variables: { [eventLoopFileVariable]: file } };
}

/** Since the last call. @param count of calls so far, with this one */
export async function readEventLoopDelay(
  pid: number,
  file: string,
  count: number,
): Promise<EventLoopDelay> {
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await delay(20);
    const told = parse(file);
    if (told !== null && told.count >= count) return told;
  }
}

/** null while it is not there, or half written. */
function parse(file: string): EventLoopDelay | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as EventLoopDelay;
  } catch {
    return null;
  }
}
