import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { timespec } from './linuxSocketLayout.js';

/**
 * A clock of the system read into memory: unlike the result of a function, a time that lies there
 * is no object of the heap. All threads read the same time.
 */
export class LinuxClock {
  readonly #calls: LinuxSocketCalls;
  readonly #clock: number;
  readonly #time: NativeMemory;

  /** @param clock CLOCK_MONOTONIC or CLOCK_REALTIME */
  constructor(calls: LinuxSocketCalls, clock: number) {
    this.#calls = calls;
    this.#clock = clock;
    this.#time = calls.allocate(timespec.bytes);
  }

  /** Writes the time in milliseconds, with the part below, to the first element. */
  read(out: Float64Array): void {
    this.#calls.clock_gettime(this.#clock, this.#time.address);
    const { words } = this.#time;
    const seconds = words[timespec.seconds >>> 2]! >>> 0;
    out[0] = seconds * 1_000 + words[timespec.nanoseconds >>> 2]! / 1_000_000;
  }
}
