import { ClientError } from './clientError.js';
import type { State, StateStore } from './engineState.js';

/** Those who wait until the State is so. */
export class StateWaits {
  private readonly failures = new Set<(reason: ClientError) => void>();

  constructor(
    private readonly store: StateStore,
    private readonly timeoutMs: number,
  ) {}

  /** Resolves when the State is so. @throws ClientError `unreachable`, or that of failAll(). */
  until(isSo: (state: State) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (outcome: () => void): void => {
        clearTimeout(timer);
        unsubscribe();
        this.failures.delete(onFailure);
        outcome();
      };
      const onFailure = (reason: ClientError): void => finish(() => reject(reason));
      const look = (state: State): void => {
        if (isSo(state)) finish(resolve);
      };
      const timer = setTimeout(() => {
        onFailure(new ClientError('unreachable', 'the server does not show the change'));
      }, this.timeoutMs);
      const unsubscribe = this.store.watch(look);
      this.failures.add(onFailure);
      look(this.store.state);
    });
  }

  failAll(reason: ClientError): void {
    for (const fail of [...this.failures]) fail(reason);
  }
}
