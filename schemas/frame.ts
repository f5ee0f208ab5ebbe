import { ProtocolError } from './protocolError.js';

/**
 * Frames on a stream:
 *
 *     0  u8   type            frameType.ts
 *     1  u32  payload length  little-endian, in bytes
 *     5  …    payload         a FlatBuffer
 */
export const frameHeaderBytes = 5;

export interface Frame {
  readonly type: number;
  /** A view: see FrameReader.next for how long it holds. */
  readonly payload: Uint8Array;
}

/** An unfinished frame's first buffer; it doubles as bytes arrive. */
const heldBytesMin = 1_024;

const nothing = new Uint8Array(0);

/** @returns a new array: header and a copy of the payload */
export function encodeFrame(type: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameHeaderBytes + payload.length);
  frame[0] = type;
  new DataView(frame.buffer).setUint32(1, payload.length, true);
  frame.set(payload, frameHeaderBytes);
  return frame;
}

/**
 * Cuts a stream's bytes into frames, wherever the chunks of the stream were cut.
 *
 * What it holds between chunks is at most one unfinished frame, and at most twice the bytes that
 * the peer really sent of it (1 KiB at least): a length alone reserves nothing.
 */
export class FrameReader {
  readonly #payloadBytesMax: number;
  /** What is not yet read of the caller's chunk. */
  #chunk: Uint8Array = nothing;
  /** Start of a frame whose end is still to come, header included. */
  #held: Uint8Array = nothing;
  #heldBytes = 0;
  #failure: ProtocolError | null = null;

  /** @param payloadBytesMax the largest payload to accept (protocol.ts, framePayloadBytesMax) */
  constructor(payloadBytesMax: number) {
    this.#payloadBytesMax = payloadBytesMax;
  }

  /**
   * Takes the stream's next bytes. Call `next` until it gives null before the chunk's memory is
   * used again; a push before that joins the chunks in a copy. Ignored after a failure.
   */
  push(chunk: Uint8Array): void {
    if (this.#failure !== null) return;
    this.#chunk = this.#chunk.length === 0 ? chunk : join(this.#chunk, chunk);
  }

  /**
   * @returns the next whole frame, its payload a view of the chunk where the frame lay whole in
   *   it, else of a buffer of its own; null when more bytes are needed
   * @throws ProtocolError 'oversized' as soon as a header announces more than is allowed, and again
   *   at every call after that: the stream is lost
   */
  next(): Frame | null {
    if (this.#failure !== null) throw this.#failure;
    if (this.#heldBytes > 0) return this.#finishHeld();
    const chunk = this.#chunk;
    if (chunk.length >= frameHeaderBytes) {
      const frameBytes = this.#frameBytes(chunk);
      if (chunk.length >= frameBytes) {
        this.#chunk = chunk.subarray(frameBytes);
        return { type: chunk[0]!, payload: chunk.subarray(frameHeaderBytes, frameBytes) };
      }
    }
    this.#hold(chunk.length);
    return null;
  }

  #finishHeld(): Frame | null {
    this.#hold(frameHeaderBytes - this.#heldBytes);
    if (this.#heldBytes < frameHeaderBytes) return null;
    const frameBytes = this.#frameBytes(this.#held);
    this.#hold(frameBytes - this.#heldBytes);
    if (this.#heldBytes < frameBytes) return null;
    const frame = this.#held;
    this.#held = nothing;
    this.#heldBytes = 0;
    return { type: frame[0]!, payload: frame.subarray(frameHeaderBytes, frameBytes) };
  }

  /** Moves up to `bytes` from the chunk to what is held. */
  #hold(bytes: number): void {
    const taken = this.#chunk.subarray(0, Math.max(0, bytes));
    const heldBytes = this.#heldBytes + taken.length;
    if (heldBytes > this.#held.length) {
      const larger = new Uint8Array(Math.max(heldBytesMin, 2 * this.#heldBytes, heldBytes));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(taken, this.#heldBytes);
    this.#heldBytes = heldBytes;
    this.#chunk =
      taken.length === this.#chunk.length ? nothing : this.#chunk.subarray(taken.length);
  }

  #frameBytes(header: Uint8Array): number {
    const payloadBytes =
      (header[1]! | (header[2]! << 8) | (header[3]! << 16) | (header[4]! << 24)) >>> 0;
    if (payloadBytes > this.#payloadBytesMax) {
      this.#chunk = nothing;
      this.#held = nothing;
      this.#failure = new ProtocolError(
        'oversized',
        `a frame of type ${header[0]!} announces ${payloadBytes} bytes, at most ` +
          `${this.#payloadBytesMax} are allowed`,
      );
      throw this.#failure;
    }
    return frameHeaderBytes + payloadBytes;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
