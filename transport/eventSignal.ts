import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { linux } from './linuxSocketLayout.js';

/** Bytes that one eventfd is written by (eventfd(2)). */
const eventBytes = 8;

/** Ends the wait of the thread that waits on the eventfd. Any thread that has `calls`. */
export class EventSignal {
  readonly fd: number;
  readonly #calls: LinuxSocketCalls;
  readonly #one: NativeMemory;

  constructor(calls: LinuxSocketCalls) {
    this.#calls = calls;
    this.fd = calls.eventfd(0, linux.EFD_CLOEXEC | linux.EFD_NONBLOCK);
    this.#one = calls.allocate(eventBytes);
    this.#one.words[0] = 1;
  }

  raise(): void {
    this.#calls.write(this.fd, this.#one.address, eventBytes);
  }

  close(): void {
    this.#calls.close(this.fd);
  }
}
