import type { Logger } from 'pino';

/**
 * Closes what was opened, the latest first. What was opened with the help of another is closed
 * before it.
 */
export class Shutdown {
  readonly #log: Logger;
  readonly #steps: { readonly what: string; readonly close: () => Promise<void> | void }[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param what for the log */
  add(what: string, close: () => Promise<void> | void): void {
    this.#steps.push({ what, close });
  }

  /** A step that fails is logged and does not keep the others from being closed. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      this.#log.debug(`closing ${step.what}`);
      try {
        await step.close();
      } catch (error) {
        this.#log.error({ err: error }, `closing ${step.what} failed`);
      }
    }
  }
}
