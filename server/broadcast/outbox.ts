import type { SessionLimits } from '../limits.js';

/**
 * Frames on their way into one stream. What the stream does not take waits here, bounded in bytes
 * and in time; a frame sent to many waits in many outboxes but is in memory once.
 */
export class Outbox {
  readonly #write: (bytes: Uint8Array) => boolean;
  readonly #limits: SessionLimits;
  readonly #nowMs: () => number;
  readonly #waiting: Uint8Array[] = [];
  /** Bytes of the first waiting frame that the stream has already. */
  #sentOfFirstBytes = 0;
  #waitingBytes = 0;
  /** When the stream last took something while frames waited. */
  #progressAtMs = 0;

  /** @param write takes all of the bytes or none; drain() is called once it takes some again */
  constructor(write: (bytes: Uint8Array) => boolean, limits: SessionLimits, nowMs: () => number) {
    this.#write = write;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /**
   * Sends a frame after those before it. A frame longer than the bound is taken while none waits.
   * @returns false, and takes nothing, when too much waits: the reader is too slow
   */
  push(frame: Uint8Array): boolean {
    const isFirst = this.#waiting.length === 0;
    if (!isFirst && this.#waitingBytes + frame.length > this.#limits.outboxBytesMax) return false;
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
    if (isFirst) {
      this.#progressAtMs = this.#nowMs();
      this.drain();
    }
    return true;
  }

  /** Gives the stream what it takes. Call on `writable`. */
  drain(): void {
    let frames = 0;
    for (const frame of this.#waiting) {
      if (!this.#drainFrame(frame)) break;
      frames += 1;
      this.#sentOfFirstBytes = 0;
    }
    this.#waiting.splice(0, frames);
  }

  /** Whether frames wait and the stream has taken nothing for too long. */
  isStalled(): boolean {
    if (this.#waiting.length === 0) return false;
    return this.#nowMs() - this.#progressAtMs > this.#limits.outboxStalledMsMax;
  }

  #drainFrame(frame: Uint8Array): boolean {
    while (this.#sentOfFirstBytes < frame.length) {
      const end = Math.min(frame.length, this.#sentOfFirstBytes + this.#limits.writePieceBytes);
      const piece = frame.subarray(this.#sentOfFirstBytes, end);
      if (!this.#write(piece)) return false;
      this.#sentOfFirstBytes = end;
      this.#waitingBytes -= piece.length;
      this.#progressAtMs = this.#nowMs();
    }
    return true;
  }
}
