import { monotonicMs } from '../monotonicClock.js';

/** When a device that is none would move its buffers: an absolute schedule, so nothing drifts. */
export class BufferClock {
  readonly #bufferMs: number;
  #startMs: number;
  #buffers = 0;

  /**
   * @param bufferMs on the device's own clock
   * @param driftPpm how much faster than the machine's clock that one runs
   */
  constructor(bufferMs: number, driftPpm: number, nowMs = monotonicMs()) {
    this.#bufferMs = bufferMs / (1 + driftPpm / 1e6);
    this.#startMs = nowMs;
  }

  /** Until the next buffer is due, in milliseconds; negative where it is late. */
  dueInMs(nowMs = monotonicMs()): number {
    return this.#startMs + (this.#buffers + 1) * this.#bufferMs - nowMs;
  }

  /** A buffer was moved. */
  count(): void {
    this.#buffers++;
  }

  /** The next buffer is due a buffer's length from now, as if the clock had stood still. */
  restart(nowMs = monotonicMs()): void {
    this.#startMs = nowMs;
    this.#buffers = 0;
  }
}
