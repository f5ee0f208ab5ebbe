/** Lets so much work be under way at a time; what is more waits, in its order. */
export class WorkSlots {
  private lastTurn = 0;
  private readonly waiting = new Set<() => void>();

  /** @param free how much may be under way */
  constructor(private free: number) {}

  /**
   * @param work is given a number that no other has
   * @param signal ends the wait, not the work
   * @throws the reason of the signal, or what the work throws
   */
  async use<T>(signal: AbortSignal, work: (turn: number) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.free === 0) await this.wait(signal);
    else this.free--;
    try {
      return await work(++this.lastTurn);
    } finally {
      this.pass();
    }
  }

  private async wait(signal: AbortSignal): Promise<void> {
    let onAbort: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.add(resolve);
        onAbort = () => {
          if (this.waiting.delete(resolve)) reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  private pass(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free++;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
