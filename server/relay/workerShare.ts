import type { VoiceLimits } from '../limits.js';

/**
 * How many relay workers take packets. One serves a quiet server best: each thread that is woken
 * costs as much as some datagrams, and frames of one room can only travel together from one worker.
 * Others join when those that work are busy, and leave when there was little to do for a while.
 *
 * Pure; the caller measures and acts.
 */
export class WorkerShare {
  readonly #limits: VoiceLimits;
  readonly #workers: number;
  #active: number;
  /** Since when fewer would do; null where they would not. */
  #calmSinceMs: number | null = null;

  /** @param workers that there are */
  constructor(limits: VoiceLimits, workers: number) {
    this.#limits = limits;
    this.#workers = workers;
    this.#active = Math.min(limits.activeWorkersMin, workers);
  }

  /** Workers that take packets: the first so many. */
  get active(): number {
    return this.#active;
  }

  /**
   * @param busy by worker, the share of its time that it was at work since the last call, 0 … 1
   * @returns `active` from now on
   */
  next(busy: readonly number[], nowMs: number): number {
    const { activeWorkersMin, workerBusyMax, workerCalmMax, workersCalmMs } = this.#limits;
    const busiest = Math.max(...busy.slice(0, this.#active));
    if (busiest > workerBusyMax && this.#active < this.#workers) {
      // By how much it is too much cannot be seen: a worker is busy all the time at most.
      this.#active = Math.min(2 * this.#active, this.#workers);
      this.#calmSinceMs = null;
      return this.#active;
    }
    const total = busy.reduce((sum, share) => sum + share, 0);
    const isCalm = this.#active > activeWorkersMin && total < (this.#active - 1) * workerCalmMax;
    this.#calmSinceMs = isCalm ? (this.#calmSinceMs ?? nowMs) : null;
    if (this.#calmSinceMs === null || nowMs - this.#calmSinceMs < workersCalmMs)
      return this.#active;
    this.#active -= 1;
    this.#calmSinceMs = nowMs;
    return this.#active;
  }
}
