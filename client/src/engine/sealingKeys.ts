/** The key to seal a frame with, and the epoch that its header has to name. */
export interface SealingKey {
  readonly epoch: number;
  /** 32 bytes, ChaCha20-Poly1305. */
  readonly key: Uint8Array;
}

interface ScheduledKey extends SealingKey {
  readonly usableAtMs: number;
}

/** No more than there are epochs can wait. */
const keysMax = 256;

/** The keys that one sender seals with, one after the other. Pure: time is passed in. */
export class SealingKeys {
  /** Oldest first; those before the one in use are forgotten. */
  private readonly scheduled: ScheduledKey[] = [];

  /** @param usableAtMs on the clock of current(). */
  add({ epoch, key }: SealingKey, usableAtMs: number): void {
    this.scheduled.push({ epoch, key, usableAtMs });
    if (this.scheduled.length > keysMax) this.scheduled.shift();
  }

  /** None is used any more. */
  clear(): void {
    this.scheduled.length = 0;
  }

  /**
   * The newest key whose waiting time is over. When none is that far, the oldest: a speaker who
   * has just come has nothing else. null while there is none.
   */
  current(nowMs: number): SealingKey | null {
    const { scheduled } = this;
    const usable = scheduled.findLastIndex(({ usableAtMs }) => usableAtMs <= nowMs);
    if (usable > 0) scheduled.splice(0, usable);
    return scheduled[0] ?? null;
  }
}
