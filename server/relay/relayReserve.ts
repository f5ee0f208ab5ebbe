import type { Worker } from 'node:worker_threads';
import type { ToRelayWorker } from './relayMessages.js';
import { makeRelayWorker, spawnRelayWorker, type RelaySpawner } from './relayThread.js';

/**
 * Relay threads that are made before they are wanted. A thread loads what it is made of and relays
 * made-up packets until its code is compiled, which takes the better part of a second: of a server
 * that follows another one at once, people would wait for it in silence.
 */
export class RelayReserve {
  /** Settles once each of them is loaded, or is gone. */
  readonly loaded: Promise<void>;
  /** Those that wait to be wanted, each with what ends looking after it. */
  readonly #waiting = new Map<Worker, () => void>();

  constructor(workers: number) {
    const made = Array.from({ length: workers }, (_, index) =>
      makeRelayWorker(null, `relay ${index}`),
    );
    this.loaded = Promise.all(made.map((worker) => this.#keep(worker))).then(() => undefined);
  }

  /** Hands out one of the reserve, and makes another where none is left. */
  readonly spawn: RelaySpawner = (setup) => {
    const [worker] = this.#waiting.keys();
    if (worker === undefined) return spawnRelayWorker(setup);
    this.#release(worker);
    const message: ToRelayWorker = { type: 'setUp', setup };
    worker.postMessage(message);
    return worker;
  };

  /** Ends those that nobody wanted. */
  async close(): Promise<void> {
    const unwanted = [...this.#waiting.keys()];
    for (const worker of unwanted) this.#release(worker);
    await Promise.all(unwanted.map((worker) => worker.terminate()));
  }

  #keep(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      const drop = (): void => {
        this.#waiting.delete(worker);
        resolve();
      };
      const ignore = (): void => {
        worker.off('error', drop);
        worker.off('exit', drop);
      };
      // What keeps one from getting warm is told by the one that is made in its place.
      worker.once('error', drop);
      worker.once('exit', drop);
      // The first that it says is that it is loaded.
      worker.once('message', () => {
        this.#waiting.set(worker, ignore);
        resolve();
      });
    });
  }

  #release(worker: Worker): void {
    this.#waiting.get(worker)?.();
    this.#waiting.delete(worker);
  }
}
