/** Something that waits for a moment. Both fields belong to the heap that it is in. */
export interface Deadline {
  /** Infinity: waits for nothing. */
  deadlineMs: number;
  /** −1 while it is in no heap. */
  heapIndex: number;
}

/** A binary heap of deadlines, earliest first. Moving or removing one costs O(log n). */
export class DeadlineHeap<T extends Deadline> {
  readonly #items: T[] = [];

  /** The earliest, left in place. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Puts `item` in, moves it, or with Infinity takes it out. */
  set(item: T, deadlineMs: number): void {
    if (deadlineMs === Infinity) {
      this.remove(item);
      return;
    }
    const earlier = deadlineMs < item.deadlineMs || item.heapIndex < 0;
    item.deadlineMs = deadlineMs;
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    if (earlier) this.#moveUp(item);
    else this.#moveDown(item);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    item.deadlineMs = Infinity;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#place(last, index);
    this.#moveUp(last);
    this.#moveDown(last);
  }

  #moveUp(item: T): void {
    let index = item.heapIndex;
    while (index > 0) {
      const parent = this.#items[(index - 1) >> 1]!;
      if (parent.deadlineMs <= item.deadlineMs) break;
      const parentIndex = parent.heapIndex;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #moveDown(item: T): void {
    let index = item.heapIndex;
    for (;;) {
      const left = this.#items[2 * index + 1];
      const right = this.#items[2 * index + 2];
      const child = right !== undefined && right.deadlineMs < left!.deadlineMs ? right : left;
      if (child === undefined || child.deadlineMs >= item.deadlineMs) break;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
