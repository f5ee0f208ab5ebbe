/**
 * Which sessions' addresses have changed, of all that this worker knows of, in the order in which
 * it learnt of them. Who keeps something that follows from addresses keeps the count with it, and
 * looks later at what has come since. One thread; allocates nothing.
 */
export class AddressChanges {
  /** Changes that can be gone through one by one. */
  static readonly length = 1_024;
  readonly #slots = new Uint32Array(AddressChanges.length);
  #count = 0;

  /** Changes so far, modulo 2^32. */
  get count(): number {
    return this.#count;
  }

  add(slot: number): void {
    this.#slots[this.#count & (AddressChanges.length - 1)] = slot;
    this.#count = (this.#count + 1) | 0;
  }

  /** Any session's may have changed: nobody can go through what came before. */
  addAll(): void {
    this.#count = (this.#count + AddressChanges.length + 1) | 0;
  }

  /** Changes since there were so many; above `length` they cannot be gone through. */
  since(count: number): number {
    return (this.#count - count) >>> 0;
  }

  /** Slot of the session that a change was about: the one made when there were so many. */
  slotOf(count: number): number {
    return this.#slots[count & (AddressChanges.length - 1)]!;
  }
}
