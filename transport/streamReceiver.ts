import type { Connection } from '@matrixai/quic/native/types.js';
import { streamFaultCode } from './quicheError.js';
import type { StreamId } from './quicTypes.js';

/**
 * Asking a stream whether it is readable costs 0.1 µs, listing all readable ones 15 µs: up to this
 * many streams are asked one by one.
 */
const askedStreamsMax = 64;

/** What the next readable stream gave. */
export type StreamInput =
  | { readonly stream: StreamId; readonly bytes: Uint8Array; readonly fin: boolean }
  | { readonly stream: StreamId; readonly resetCode: number };

/**
 * The receiving side of one connection's streams. Bytes stay in the library, inside its
 * flow-control windows, until they are asked for: a slow reader slows its peer down.
 */
export class StreamReceiver {
  readonly #native: Connection;
  readonly #scratch: Uint8Array;
  /** Streams that gave bytes and have not ended. */
  readonly #known: StreamId[] = [];

  /** @param scratch used during `next` only, shared by all connections of a thread */
  constructor(native: Connection, scratch: Uint8Array) {
    this.#native = native;
    this.#scratch = scratch;
  }

  /** Reads from one readable stream; null when there is none. Copies the bytes. */
  next(): StreamInput | null {
    if (!this.#native.isReadable()) return null;
    const stream = this.#findReadable();
    if (stream === null) return null;
    try {
      const read = this.#native.streamRecv(stream, this.#scratch);
      if (read === null) return null;
      const [length, fin] = read;
      if (fin) this.forget(stream);
      return { stream, bytes: this.#scratch.slice(0, length), fin };
    } catch (error) {
      this.forget(stream);
      const resetCode = streamFaultCode(error, 'StreamReset');
      // Another fault could be met again and again.
      return resetCode === null ? null : { stream, resetCode };
    }
  }

  /** Asks no more for a stream that is over. */
  forget(stream: StreamId): void {
    const index = this.#known.indexOf(stream);
    if (index >= 0) this.#known.splice(index, 1);
  }

  #findReadable(): StreamId | null {
    const known = this.#known;
    if (known.length <= askedStreamsMax) {
      for (const stream of known) if (this.#native.streamReadable(stream)) return stream;
    }
    for (const stream of this.#native.readable()) {
      if (!known.includes(stream)) known.push(stream);
      return stream;
    }
    return null;
  }
}
