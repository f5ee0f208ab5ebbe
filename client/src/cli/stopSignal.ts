import { setTimeout as delay } from 'node:timers/promises';

/** Asks a running command to end in good order. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Gives the process signals back. */
  release(): void;
}

/**
 * Ctrl-C, SIGTERM, or a reader of our output that has gone (`| head`). The second signal ends the
 * process at once, as without this.
 */
export function catchStopSignals(): StopSignal {
  const controller = new AbortController();
  const release = (): void => {
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
    process.stdout.off('error', onOutputError);
  };
  const onStop = (): void => {
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
    controller.abort();
  };
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  };
  process.on('SIGINT', onStop);
  process.on('SIGTERM', onStop);
  process.stdout.on('error', onOutputError);
  return { signal: controller.signal, release };
}

/** Whether the user still wants to go on when the time is over. */
export async function isOnAfter(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
