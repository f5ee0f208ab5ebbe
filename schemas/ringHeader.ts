/// <reference lib="es2024.sharedmemory" />

/** Bytes in front of a ring's data. */
export const ringHeaderBytes = 5 * 64;

/** Int32 elements of the header, one cache line (64 bytes) each. */
const Slot = {
  /** Units pushed so far, wrapping at 2^32. Written by the producer only. */
  Write: 0,
  /** Units popped so far, wrapping at 2^32. Written by the consumer only. */
  Read: 16,
  /** Pushes refused because the ring was full. Written by the producer only. */
  Overrun: 32,
  /** What a sleeping consumer waits on; counts `wake` and `close`. */
  Signal: 48,
  /** 1 once either side has closed. */
  Closed: 64,
} as const;

/**
 * The shared words of a single-producer single-consumer ring, without its data.
 *
 *     ┌ 64 bytes ┬ 64 bytes ┬ 64 bytes ┬ 64 bytes ┬ 64 bytes ┬───────────────┐
 *     │ write    │ read     │ overrun  │ signal   │ closed   │ data …        │
 *     └──────────┴──────────┴──────────┴──────────┴──────────┴───────────────┘
 *
 * Both indices run freely and wrap at 2^32; their difference is what the ring holds. Publishing and
 * releasing are one Atomics.store each and wait for nobody. Waking is apart from publishing: it
 * takes a lock inside the JavaScript engine, so a thread that must not wait leaves it to others.
 * Nothing here allocates but `sleepAsync`.
 */
export class RingHeader {
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, ringHeaderBytes / 4);
  }

  /** The producer's index. Either thread. */
  get writeIndex(): number {
    return Atomics.load(this.#words, Slot.Write);
  }

  /** The consumer's index. Either thread. */
  get readIndex(): number {
    return Atomics.load(this.#words, Slot.Read);
  }

  /** Units that wait to be popped. Either thread; a lower bound for the consumer. */
  get used(): number {
    return (this.writeIndex - this.readIndex) >>> 0;
  }

  /** Pushes refused so far. Either thread. */
  get overruns(): number {
    return Atomics.load(this.#words, Slot.Overrun) >>> 0;
  }

  /** Producer only: makes everything written before `index` visible. */
  publish(index: number): void {
    Atomics.store(this.#words, Slot.Write, index | 0);
  }

  /** Consumer only: gives everything read before `index` back to the producer. */
  release(index: number): void {
    Atomics.store(this.#words, Slot.Read, index | 0);
  }

  /** Producer only. */
  countOverrun(): void {
    Atomics.add(this.#words, Slot.Overrun, 1);
  }

  get closed(): boolean {
    return Atomics.load(this.#words, Slot.Closed) === 1;
  }

  /** Either thread: says that nothing more comes, or that nobody reads. Wakes the sleeper. */
  close(): void {
    Atomics.store(this.#words, Slot.Closed, 1);
    this.wake();
  }

  /** Either thread: ends the consumer's sleep, or the next one if it does not sleep yet. */
  wake(): void {
    Atomics.add(this.#words, Slot.Signal, 1);
    Atomics.notify(this.#words, Slot.Signal);
  }

  /** To be read before looking for work and handed to `sleep`, so that no wake is lost between. */
  get signal(): number {
    return Atomics.load(this.#words, Slot.Signal);
  }

  /** Consumer only, in a thread that never awaits: blocks until a wake after `seen`. */
  sleep(seen: number, timeoutMs: number): void {
    Atomics.wait(this.#words, Slot.Signal, seen, timeoutMs);
  }

  /** Consumer only: the same for a thread with an event loop, which it does not keep alive. */
  async sleepAsync(seen: number): Promise<void> {
    await Atomics.waitAsync(this.#words, Slot.Signal, seen).value;
  }
}

/** @throws RangeError where `units` is no power of two from 4 to 2^30 */
export function assertRingSize(units: number): void {
  const isPowerOfTwo = Number.isInteger(units) && units > 0 && (units & (units - 1)) === 0;
  if (!isPowerOfTwo || units < 4 || units > 2 ** 30) {
    throw new RangeError(`a ring holds a power of two from 4 to 2^30, not ${units}`);
  }
}
