import type { Connection } from '@matrixai/quic/native/types.js';
import { streamFaultCode } from './quicheError.js';
import { QuicStreamBuffer } from './quicStreamBuffer.js';
import type { QuicLimits, StreamId } from './quicTypes.js';
import { TransportError } from './transportError.js';

/** The urgency of a stream that was given none (quiche's own default). */
const defaultUrgency = 127;

interface OutgoingStream {
  readonly id: StreamId;
  urgency: number;
  readonly buffer: QuicStreamBuffer;
  /** The end of the stream waits behind the buffer. */
  finWaits: boolean;
  /** Finished, reset or stopped: takes no more bytes. */
  isEnded: boolean;
}

/** Hears what becomes of streams. */
export interface StreamSenderEvents {
  streamWritable(stream: StreamId): void;
  streamStopped(stream: StreamId, code: number): void;
}

/**
 * The sending side of one connection's streams. What the library takes goes to it at once; the rest
 * waits here, within limits, and follows in order of urgency, streams of one urgency by turns.
 */
export class StreamSender {
  readonly #native: Connection;
  readonly #limits: QuicLimits;
  readonly #events: StreamSenderEvents;
  readonly #streams = new Map<StreamId, OutgoingStream>();
  /** Streams with something to send, most urgent first. */
  #waiting: OutgoingStream[] = [];
  /** Streams that refused a write and have not said so of being writable again. */
  readonly #refused = new Set<OutgoingStream>();
  #bufferedBytes = 0;

  constructor(native: Connection, limits: QuicLimits, events: StreamSenderEvents) {
    this.#native = native;
    this.#limits = limits;
    this.#events = events;
  }

  /** Bytes over all streams that the library has not taken. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** @throws TransportError `streamLimit` when the peer allows no more streams */
  open(id: StreamId): void {
    try {
      // Makes the stream known to the library, which counts it against the peer's limit.
      this.#native.streamPriority(id, defaultUrgency, true);
    } catch (cause) {
      throw new TransportError('streamLimit', 'the peer allows no more streams', { cause });
    }
    this.#add(id);
  }

  setUrgency(id: StreamId, urgency: number): void {
    const stream = this.#streams.get(id) ?? this.#add(id);
    if (stream.isEnded) return;
    try {
      this.#native.streamPriority(id, urgency, true);
    } catch (cause) {
      throw unknownStream(id, cause);
    }
    stream.urgency = urgency;
    this.#waiting.sort(byUrgency);
  }

  /**
   * Takes all bytes or none. A write larger than the limits is taken while nothing waits, so that
   * no message is too long to be sent at all.
   *
   * @throws TransportError `unknownStream`
   */
  write(id: StreamId, bytes: Uint8Array, fin: boolean): boolean {
    const stream = this.#streams.get(id) ?? this.#add(id);
    if (stream.isEnded || stream.finWaits) return false;
    if (!this.#hasRoom(stream, bytes.length)) {
      this.#refused.add(stream);
      return false;
    }
    let taken: number | null = null;
    if (stream.buffer.length === 0) {
      try {
        taken = this.#native.streamSend(id, bytes, fin);
      } catch (error) {
        return this.#writeFailed(stream, error);
      }
    }
    if (taken === bytes.length) {
      if (fin) this.#finish(stream);
      return true;
    }
    const rest = bytes.subarray(taken ?? 0);
    stream.buffer.push(rest);
    this.#bufferedBytes += rest.length;
    stream.finWaits = fin;
    this.#wait(stream);
    return true;
  }

  /** Gives the library what it takes now, and tells of streams that have room again. */
  drain(): void {
    const waiting = this.#waiting;
    let start = 0;
    while (start < waiting.length) {
      const urgency = waiting[start]!.urgency;
      let end = start;
      while (end < waiting.length && waiting[end]!.urgency === urgency) end++;
      this.#drainByTurns(start, end);
      start = end;
    }
    this.#waiting = waiting.filter((stream) => stream.buffer.length > 0 || stream.finWaits);
    this.#tellWritable();
  }

  /** Forgets what waits on a stream that is being reset. */
  drop(id: StreamId): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#end(stream);
    this.#streams.delete(id);
  }

  clear(): void {
    this.#streams.clear();
    this.#refused.clear();
    this.#waiting = [];
    this.#bufferedBytes = 0;
  }

  #add(id: StreamId): OutgoingStream {
    const stream = {
      id,
      urgency: defaultUrgency,
      buffer: new QuicStreamBuffer(),
      finWaits: false,
      isEnded: false,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #hasRoom(stream: OutgoingStream, bytes: number): boolean {
    const { streamSendBytesMax, connectionSendBytesMax } = this.#limits;
    const own = stream.buffer.length;
    const all = this.#bufferedBytes;
    return (
      (own === 0 || own + bytes <= streamSendBytesMax) &&
      (all === 0 || all + bytes <= connectionSendBytesMax)
    );
  }

  #wait(stream: OutgoingStream): void {
    if (this.#waiting.includes(stream)) return;
    this.#waiting.push(stream);
    this.#waiting.sort(byUrgency);
  }

  /** One block of each stream after the other, until none of them gets on. */
  #drainByTurns(start: number, end: number): void {
    let isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (let i = start; i < end; i++) {
        if (this.#sendFront(this.#waiting[i]!)) isMoving = true;
      }
    }
  }

  /** @returns whether the library took anything, and may take more of the same stream. */
  #sendFront(stream: OutgoingStream): boolean {
    const { buffer } = stream;
    if (buffer.length === 0 && !stream.finWaits) return false;
    const front = buffer.front();
    const isLast = front.length === buffer.length;
    let taken: number | null;
    try {
      taken = this.#native.streamSend(stream.id, front, isLast && stream.finWaits);
    } catch (error) {
      this.#stopped(stream, streamFaultCode(error, 'StreamStopped') ?? 0);
      return false;
    }
    if (taken === null) return false;
    buffer.drop(taken);
    this.#bufferedBytes -= taken;
    if (taken < front.length) return false;
    if (isLast && stream.finWaits) this.#finish(stream);
    return !isLast;
  }

  #tellWritable(): void {
    const { streamSendBytesMax, connectionSendBytesMax } = this.#limits;
    if (this.#bufferedBytes > connectionSendBytesMax / 2) return;
    for (const stream of this.#refused) {
      if (stream.buffer.length > streamSendBytesMax / 2) continue;
      this.#refused.delete(stream);
      this.#events.streamWritable(stream.id);
    }
  }

  #writeFailed(stream: OutgoingStream, error: unknown): boolean {
    const code = streamFaultCode(error, 'StreamStopped');
    if (code === null) {
      this.#streams.delete(stream.id);
      throw unknownStream(stream.id, error);
    }
    this.#stopped(stream, code);
    return false;
  }

  /** The peer reads no more. Kept as ended, since the library forgets it in time. */
  #stopped(stream: OutgoingStream, code: number): void {
    this.#end(stream);
    this.#events.streamStopped(stream.id, code);
  }

  #finish(stream: OutgoingStream): void {
    this.#end(stream);
    this.#streams.delete(stream.id);
  }

  #end(stream: OutgoingStream): void {
    this.#bufferedBytes -= stream.buffer.length;
    stream.buffer.clear();
    stream.finWaits = false;
    stream.isEnded = true;
    this.#refused.delete(stream);
  }
}

function byUrgency(a: OutgoingStream, b: OutgoingStream): number {
  return a.urgency - b.urgency;
}

function unknownStream(id: StreamId, cause: unknown): TransportError {
  return new TransportError('unknownStream', `stream ${id} takes no bytes`, { cause });
}
