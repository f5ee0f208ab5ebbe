import type { SessionLimits } from '../limits.js';

/** Where an outbox puts what it sends. */
export interface OutboxStream {
  /** Takes all of the bytes or none; drain() is to be called once it takes some again. */
  readonly write: (bytes: Uint8Array) => boolean;
  /** Ends the stream, as far as it takes that now; called again at the next drain() where not. */
  readonly finish: () => boolean;
}

/** What waits in all outboxes of one reader, which have one bound. */
export interface OutboxShare {
  waitingBytes: number;
}

/**
 * Frames on their way into one stream. What the stream does not take waits here, bounded in bytes
 * and in time; a frame sent to many waits in many outboxes but is in memory once.
 */
export class Outbox {
  readonly #stream: OutboxStream;
  readonly #share: OutboxShare;
  readonly #limits: SessionLimits;
  readonly #nowMs: () => number;
  readonly #waiting: Uint8Array[] = [];
  /** Bytes of the first waiting frame that the stream has already. */
  #sentOfFirstBytes = 0;
  /** When the stream last took something while frames waited. */
  #progressAtMs = 0;
  #isEnding = false;

  constructor(
    stream: OutboxStream,
    share: OutboxShare,
    limits: SessionLimits,
    nowMs: () => number,
  ) {
    this.#stream = stream;
    this.#share = share;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /**
   * Sends a frame after those before it. A frame longer than the bound is taken while none waits.
   * @returns false, and takes nothing, when too much waits: the reader is too slow
   */
  push(frame: Uint8Array): boolean {
    const share = this.#share;
    const { outboxBytesMax, writePieceBytes } = this.#limits;
    if (share.waitingBytes > 0 && share.waitingBytes + frame.length > outboxBytesMax) return false;
    const isFirst = this.#waiting.length === 0;
    // Most frames need not wait, of which there is one for each reader of each message.
    if (isFirst && frame.length <= writePieceBytes && this.#stream.write(frame)) return true;
    this.#waiting.push(frame);
    share.waitingBytes += frame.length;
    if (isFirst) {
      this.#progressAtMs = this.#nowMs();
      this.drain();
    }
    return true;
  }

  /** Ends the stream after what waits. */
  finish(): void {
    this.#isEnding = true;
    if (this.#waiting.length === 0) this.drain();
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
    if (this.#isEnding && this.#waiting.length === 0) this.#stream.finish();
  }

  /** Whether the stream has taken all. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
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
      if (!this.#stream.write(piece)) return false;
      this.#sentOfFirstBytes = end;
      this.#share.waitingBytes -= piece.length;
      this.#progressAtMs = this.#nowMs();
    }
    return true;
  }
}
