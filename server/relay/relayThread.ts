import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TransportErrorCode } from '@rookery/transport/transportError';
import type { ServerErrorCode } from '../errors.js';
import { ServerError } from '../errors.js';
import type { FromRelayWorker, RelaySetup, ToRelayWorker } from './relayMessages.js';

/** Starts the thread of a relay; tests take hold of it here. */
export type RelaySpawner = (setup: RelaySetup) => Worker;

export const spawnRelayWorker: RelaySpawner = (setup) =>
  makeRelayWorker(setup, `relay ${setup.workerIndex}`);

/**
 * @param setup null for one that gets warm and waits for it (see RelayReserve)
 * @param name of the thread
 */
export function makeRelayWorker(setup: RelaySetup | null, name: string): Worker {
  const entry = new URL('./relayWorker.js', import.meta.url);
  return new Worker(entry, { workerData: setup, name });
}

/** First wait before another try, when a worker ends as soon as it was started. */
const restartDelayMsMin = 20;

export interface RelayThreadOptions {
  readonly setup: RelaySetup;
  readonly spawn: RelaySpawner;
  /** Ends a wait of the worker in the kernel, so that it sees that it is to stop. */
  readonly wake: () => void;
  /** Called for every death of the worker, and for every start that failed after one. */
  readonly onFault: (error: Error) => void;
}

/**
 * One relay worker and whoever takes its place: when the thread dies, the next is started at once
 * on the same port and the same tables; when that one dies soon too, after a growing wait.
 *
 * @throws ServerError where the first start fails: `addressInUse` or `relayFault`
 */
export async function startRelayThread(options: RelayThreadOptions): Promise<RelayThread> {
  const worker = options.spawn(options.setup);
  const port = await readyPort(worker);
  return new RelayThread(options, worker, port);
}

export class RelayThread {
  readonly port: number;
  readonly #options: RelayThreadOptions;
  #worker: Worker;
  #restartDelayMs = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: RelayThreadOptions, worker: Worker, port: number) {
    this.port = port;
    // Whoever replaces the worker must be found where clients send to.
    const { setup } = options;
    this.#options = { ...options, setup: { ...setup, socket: { ...setup.socket, port } } };
    this.#worker = worker;
    this.#watch(worker);
  }

  /**
   * Asks the worker to stop, ends it where it does not, and waits until its thread is gone. The
   * worker's table must say stop already.
   */
  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #stop(): Promise<void> {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    if (this.#worker.threadId === endedThreadId) return;
    const ended = once(this.#worker, 'exit');
    const stop: ToRelayWorker = { type: 'stop' };
    this.#worker.postMessage(stop);
    this.#options.wake();
    const { stopMsMax } = this.#options.setup.limits;
    const stuck = setTimeout(() => void this.#worker.terminate(), stopMsMax);
    await ended;
    clearTimeout(stuck);
  }

  #watch(worker: Worker): void {
    let cause: Error | null = null;
    worker.on('error', (error) => {
      cause = error;
    });
    const startedAtMs = performance.now();
    worker.once('exit', (code) => {
      if (this.#closing !== null) return;
      const { restartDelayMsMax } = this.#options.setup.limits;
      if (performance.now() - startedAtMs > restartDelayMsMax) this.#restartDelayMs = 0;
      const message = `a relay worker ended with code ${code} and is started again`;
      this.#options.onFault(new ServerError('relayFault', message, { cause }));
      this.#restartLater();
    });
  }

  #restartLater(): void {
    this.#restartTimer = setTimeout(() => void this.#restart(), this.#restartDelayMs);
    const { restartDelayMsMax } = this.#options.setup.limits;
    const doubled = Math.max(this.#restartDelayMs * 2, restartDelayMsMin);
    this.#restartDelayMs = Math.min(doubled, restartDelayMsMax);
  }

  async #restart(): Promise<void> {
    const worker = this.#options.spawn(this.#options.setup);
    this.#worker = worker;
    try {
      await readyPort(worker);
    } catch (error) {
      if (this.#closing !== null) return;
      this.#options.onFault(error as Error);
      this.#restartLater();
      return;
    }
    this.#watch(worker);
  }
}

/** `threadId` of a worker whose thread is gone. */
const endedThreadId = -1;

const serverCodes: Partial<Record<TransportErrorCode, ServerErrorCode>> = {
  addressInUse: 'addressInUse',
};

/** Waits until the worker's socket is bound. @throws ServerError where it ends before that */
function readyPort(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    let fault: ServerError | null = null;
    const onMessage = (message: FromRelayWorker): void => {
      switch (message.type) {
        case 'ready':
          worker.off('error', onError);
          worker.off('exit', onExit);
          worker.off('message', onMessage);
          resolve(message.port);
          break;
        case 'loaded':
          break;
        case 'failed':
          fault = new ServerError(serverCodes[message.code] ?? 'relayFault', message.message);
      }
    };
    const onError = (cause: Error): void => {
      fault = new ServerError('relayFault', 'a relay worker could not start', { cause });
    };
    const onExit = (): void => {
      const unexplained = 'a relay worker ended before its socket was bound';
      reject(fault ?? new ServerError('relayFault', unexplained));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
