/** Length of a step. */
const stepMs = 10;
/** A device or a thread that is late by more stood still: that time passed without sound. */
const stoodStillMs = 50;
/** How fast the steps' time follows a device that is behind it, and one that is ahead. */
const [laterGain, earlierGain] = [1 / 64, 1 / 2];

/**
 * Which step of 10 ms is when. What plays makes the steps, one after the other, when a device wants
 * them; packets come by another clock, and this is where the two meet: it knows when each step was
 * due by its fellows, so that a packet's place among them does not depend on when a thread woke up.
 * It has no clock of its own; one thread; allocates nothing.
 */
export class StepClock {
  #next = 0;
  /** When step 0 would have been made. NaN before the first. */
  #originMs = Number.NaN;
  /** Since here packets may have come that were not looked at yet. */
  #unseen = 0;

  /** Number of the next step. */
  get next(): number {
    return this.#next;
  }

  /** When it is due. */
  get dueMs(): number {
    return this.#originMs + this.#next * stepMs;
  }

  /** To be called once the next step was made. */
  advance(): void {
    this.#next++;
  }

  /**
   * To be called before a device's steps are made: they are due now.
   *
   * @returns how many steps were left out: nobody played then
   */
  follow(nowMs: number): number {
    const skipped = this.skip(nowMs);
    const lateMs = nowMs - this.dueMs;
    this.#originMs += lateMs * (lateMs > 0 ? laterGain : earlierGain);
    return skipped;
  }

  /**
   * To be called instead where no device paces the steps: all are due whose time has come.
   *
   * @returns as `follow`
   */
  skip(nowMs: number): number {
    this.#unseen = this.#next - 1;
    if (Number.isNaN(this.#originMs)) this.#originMs = nowMs - this.#next * stepMs;
    const lateMs = nowMs - this.dueMs;
    if (lateMs <= stoodStillMs) return 0;
    const skipped = Math.floor(lateMs / stepMs);
    this.#next += skipped;
    return skipped;
  }

  /** To be called once all packets that came were looked at. */
  seen(): void {
    this.#unseen = this.#next - 1;
  }

  /**
   * @param atMs when a packet came
   * @returns when, in steps; fractions count. What came for steps that were made before it was
   * looked at comes for the last of them.
   */
  stepAt(atMs: number): number {
    const step = (atMs - this.#originMs) / stepMs;
    return Math.max(this.#unseen, Math.min(this.#next, step));
  }
}
