import type { Store } from '../store/store.js';

/** Whether a server takes people in, and why not: what `GET /health` tells. */
export type ReadinessState = 'up' | 'starting' | 'draining' | 'storageFault';

/**
 * Knows whether the server is ready. It is not while it starts or stops, and while nothing can be
 * stored; people who are in may still talk then. Main thread.
 */
export class Readiness {
  readonly #store: Pick<Store, 'isWritable'>;
  #phase: Exclude<ReadinessState, 'storageFault'> = 'starting';

  constructor(store: Pick<Store, 'isWritable'>) {
    this.#store = store;
  }

  get now(): ReadinessState {
    return this.#phase === 'up' && !this.#store.isWritable ? 'storageFault' : this.#phase;
  }

  note(phase: Exclude<ReadinessState, 'storageFault'>): void {
    this.#phase = phase;
  }
}
