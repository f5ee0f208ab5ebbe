/** Length of a step. */
const stepMs = 10;
/** A device or a thread that is later than this stood still: that time passed without sound. */
const stoodStillMs = 50;
/** How fast the origin follows a device that seems later, and one that seems earlier. */
const [laterGain, earlierGain] = [1 / 64, 1 / 8];
/** How soon it is forgotten how far ahead a device was, in milliseconds each time it takes. */
const aheadLessMs = 0.001;

/**
 * Which step of 10 ms is when. A device wants steps by its own clock, in pieces of its own length,
 * and packets are stamped by the machine's clock: here the two meet. Each time that the device has
 * taken something says where it stands; a thread that hears of it late makes it seem later, never
 * earlier, so the earliest count. So a packet's place among the steps depends neither on when a
 * thread woke up nor on where in a device's buffer it came. It has no clock of its own; one thread;
 * allocates nothing.
 */
export class StepClock {
  /** Of the last packet that was placed: the step before which it came, and how long before. */
  step = 0;
  earlyThousandths = 0;
  #next = 0;
  /** When step 0 was due. NaN: not known yet. */
  #originMs = Number.NaN;
  #bufferMs = stepMs;
  /** The most that a device was ahead lately. */
  #aheadMs = 0;
  /** A packet that comes when a step is due may have to wait so much longer than for the next. */
  #bufferedSteps = 0;

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

  /** A device paces the steps from now on. @param bufferMs what it takes at a time */
  attach(bufferMs: number): void {
    this.#originMs = Number.NaN;
    this.#bufferMs = bufferMs;
    this.#aheadMs = 0;
  }

  /** None does: steps are due one after the other from now on. */
  detach(): void {
    this.#bufferedSteps = 0;
  }

  /**
   * To be called before a device's steps are made.
   *
   * @param aheadMs how much more the device has left than it would have, were the next step due now
   * @returns how many steps were left out, because nobody played in their time
   */
  follow(nowMs: number, aheadMs: number): number {
    const skipped = this.skip(nowMs + aheadMs);
    const lateMs = nowMs + aheadMs - this.dueMs;
    this.#originMs += lateMs * (lateMs > 0 ? laterGain : earlierGain);
    this.#aheadMs = Math.max(aheadMs, this.#aheadMs - aheadLessMs);
    this.#bufferedSteps = Math.max(0, (this.#bufferMs + this.#aheadMs) / stepMs - 1);
    return skipped;
  }

  /** To be called instead where no device paces the steps. @returns as `follow` */
  skip(nowMs: number): number {
    if (Number.isNaN(this.#originMs)) this.#originMs = nowMs - this.#next * stepMs;
    const lateMs = nowMs - this.dueMs;
    if (lateMs <= stoodStillMs) return 0;
    const skipped = Math.floor(lateMs / stepMs);
    this.#next += skipped;
    return skipped;
  }

  /**
   * Says in `step` and `earlyThousandths` when a packet came: it can be played from the step on
   * that comes next.
   *
   * @param atMs when that was
   */
  place(atMs: number): void {
    const isKnown = !Number.isNaN(this.#originMs);
    const steps = isKnown ? (atMs - this.#originMs) / stepMs + this.#bufferedSteps : this.#next;
    this.step = Math.ceil(steps) | 0;
    this.earlyThousandths = Math.round((this.step - steps) * 1_000) | 0;
  }
}
