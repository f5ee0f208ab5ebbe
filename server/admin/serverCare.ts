import type { Logger } from 'pino';
import { Backups } from './backups.js';

/** What is done to the server as a whole, and not to what is in it. */
export interface ServerCare {
  readonly backups: Backups;
  /** @param isDraining whether newcomers are turned away from now on; who is here stays */
  drain(isDraining: boolean): void;
  /** Has the server stop in its usual order; returns at once. */
  shutDown(): void;
}

/** The care of a server that runs. Main thread. */
export class CareDesk implements ServerCare {
  readonly backups: Backups;
  /** Resolves when somebody has asked for the server to stop. */
  readonly stopAsked: Promise<void>;
  readonly #drain: ServerCare['drain'];
  #askToStop: () => void = () => undefined;

  constructor(dataDirectory: string, log: Logger, drain: ServerCare['drain']) {
    this.backups = new Backups(dataDirectory, log);
    this.#drain = drain;
    this.stopAsked = new Promise((resolve) => {
      this.#askToStop = resolve;
    });
  }

  drain(isDraining: boolean): void {
    this.#drain(isDraining);
  }

  shutDown(): void {
    this.#askToStop();
  }
}
