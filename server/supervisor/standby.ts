import type { ChildProcess } from 'node:child_process';

/** First argument of a server that loads all it is made of, and starts when it is wanted. */
export const standbyWord = 'standby';

/** What such a server tells its supervisor. */
interface LoadedMessage {
  readonly type: 'loaded';
}

/** What it is told: to start, with these options. */
interface StartMessage {
  readonly type: 'start';
  readonly argv: readonly string[];
}

/** A server that takes longer to load is broken. */
const loadMsMax = 30_000;

/**
 * In a server: tells that it is loaded, and waits to be wanted. It ends with its supervisor.
 *
 * @returns its options
 */
export function untilWanted(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const end = (): void => process.exit(0);
    // It may be gone since before all was loaded.
    if (!process.connected) end();
    process.once('disconnect', end);
    process.once('message', (message: StartMessage) => {
      process.off('disconnect', end);
      resolve(message.argv);
    });
    const loaded: LoadedMessage = { type: 'loaded' };
    process.send?.(loaded);
  });
}

/** In a supervisor: waits until a server is loaded. @returns false where it cannot, and is gone */
export function untilLoaded(server: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isLoaded: boolean): void => {
      clearTimeout(timer);
      if (!isLoaded) server.kill('SIGKILL');
      resolve(isLoaded);
    };
    const timer = setTimeout(() => settle(false), loadMsMax);
    server.once('message', () => settle(true));
    server.once('exit', () => settle(false));
    server.once('error', () => settle(false));
  });
}

/** In a supervisor: has a server that is loaded start. */
export function startLoaded(server: ChildProcess, argv: readonly string[]): void {
  const start: StartMessage = { type: 'start', argv };
  // One that is gone meanwhile is noticed by its end.
  server.send(start, () => undefined);
}
