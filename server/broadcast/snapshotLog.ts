/** Increments kept behind a snapshot, as a share of its elements: then it is encoded anew. */
const incrementsShareMax = 1 / 8;

/**
 * What brings somebody up to date who knows nothing: a snapshot, encoded some time ago, and the
 * increments since. So a part of ten thousand elements is not encoded again for everybody who
 * comes, and a change costs a constant share of an encoding. Pure.
 */
export class SnapshotLog {
  #snapshot: Uint8Array | null = null;
  #increments: Uint8Array[] = [];
  #changeCount = 0;

  /**
   * @param encode gives the snapshot's frame as the part is now
   * @returns frames to send one after another; not to be changed
   */
  frames(encode: () => Uint8Array): readonly Uint8Array[] {
    this.#snapshot ??= encode();
    // In one piece, so that the next to come has one piece to be sent.
    if (this.#increments.length > 1) this.#increments = [Buffer.concat(this.#increments)];
    return [this.#snapshot, ...this.#increments];
  }

  /**
   * The part changed.
   *
   * @param frames the increments that were sent
   * @param changeCount changes in them
   * @param elementCount elements of the part now
   */
  append(frames: readonly Uint8Array[], changeCount: number, elementCount: number): void {
    if (this.#snapshot === null) return;
    this.#increments.push(...frames);
    this.#changeCount += changeCount;
    if (this.#changeCount <= elementCount * incrementsShareMax) return;
    this.#snapshot = null;
    this.#increments = [];
    this.#changeCount = 0;
  }
}
