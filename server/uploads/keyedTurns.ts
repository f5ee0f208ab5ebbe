/** Lets what concerns the same thing happen one after another, and all else beside it. */
export class KeyedTurns {
  readonly #latest = new Map<string, Promise<unknown>>();

  /** @param work begins when all work before it on the same key has ended, well or not */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#latest.get(key) ?? Promise.resolve();
    const done = before.then(work);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (this.#latest.get(key) === settled) this.#latest.delete(key);
      });
    this.#latest.set(key, settled);
    return done;
  }

  /** Settles when nothing is at work any more. */
  async idle(): Promise<void> {
    while (this.#latest.size > 0) await Promise.all(this.#latest.values());
  }
}
