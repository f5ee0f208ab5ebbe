import type { VoiceLimits } from '../limits.js';

/** Time constant of the measured rate. */
const smoothingMs = 500;

/**
 * How long a worker that has just served packets lets others gather before it looks again, as a
 * network card moderates its interrupts: to be woken for every packet costs as much as to relay it
 * to some receivers. Not at all while few packets come: a quiet relay answers at once, and a pause
 * in which nothing comes is one more time to be woken.
 *
 * Relay worker only; no clock of its own; allocates nothing.
 */
export class ReceivePause {
  readonly #limits: VoiceLimits;
  readonly #nowMs: Float64Array;
  /** Two elements: packets a second, and when that was measured. */
  readonly #measured = new Float64Array(2);

  /** @param nowMs that of `RelayClock` */
  constructor(limits: VoiceLimits, nowMs: Float64Array) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** Takes note of a batch. */
  count(packets: number): void {
    const nowMs = this.#nowMs[0]!;
    const decay = Math.exp((this.#measured[1]! - nowMs) / smoothingMs);
    this.#measured[0] = this.#measured[0]! * decay + packets * (1_000 / smoothingMs);
    this.#measured[1] = nowMs;
  }

  /** @returns whole microseconds */
  get pauseUs(): number {
    const { pausePacketsPerSecondMin, receivePauseUs } = this.#limits;
    return this.#measured[0]! < pausePacketsPerSecondMin ? 0 : receivePauseUs;
  }
}
