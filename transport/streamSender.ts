import type { Connection } from '@matrixai/quic/native/types.js';
import { streamFaultCode } from './quicheError.js';
import { QuicStreamBuffer } from './quicStreamBuffer.js';
import type { QuicLimits, StreamId } from './quicTypes.js';
import { TransportError } from './transportError.js';

/** The urgency of a stream that was given none (quiche's own default). */
const defaultUrgency = 127;

/** What one stream gathers at most until the next drain(): more goes to the library at once. */
const freshBytesMax = 4096;

interface OutgoingStream {
  readonly id: StreamId;
  urgency: number;
  readonly buffer: QuicStreamBuffer;
  /** Writes since the last drain() that were not offered to the library yet. They come last. */
  readonly fresh: Uint8Array[];
  freshBytes: number;
  /** Whether it is in the list of those with fresh writes. */
  isFresh: boolean;
  /** The end of the stream waits behind the buffer. */
  finWaits: boolean;
  /**
   * Finished, reset or stopped: takes no more bytes. One that the peer stopped is kept as such,
   * since the library forgets it.
   */
  isEnded: boolean;
  /** The library has known it, so that it was right to use it. */
  isKnown: boolean;
  /** Length of the write that was refused last. */
  refusedBytes: number;
}

/** Hears what becomes of streams. */
export interface StreamSenderEvents {
  streamWritable(stream: StreamId): void;
  streamStopped(stream: StreamId, code: number): void;
}

/**
 * The sending side of one connection's streams. What is written goes to the library with drain(),
 * right before packets are made of it: whoever writes to many connections, and then makes packets
 * of all of them, would have each in the processor's caches twice. What the library does not take
 * waits here, within limits, and follows in order of urgency, streams of one urgency by turns.
 */
export class StreamSender {
  readonly #native: Connection;
  readonly #limits: QuicLimits;
  readonly #events: StreamSenderEvents;
  readonly #streams = new Map<StreamId, OutgoingStream>();
  /** Streams with something to send, most urgent first. */
  #waiting: OutgoingStream[] = [];
  /** Streams with fresh writes, in no order; some may have none any more. */
  readonly #fresh: OutgoingStream[] = [];
  /** Streams that refused a write and have not said so of being writable again. */
  readonly #refused = new Set<OutgoingStream>();
  #bufferedBytes = 0;
  #takenBytes = 0;

  constructor(native: Connection, limits: QuicLimits, events: StreamSenderEvents) {
    this.#native = native;
    this.#limits = limits;
    this.#events = events;
  }

  /** Bytes over all streams that the library has not taken. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Bytes over all streams that the library has taken so far. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0 || this.#fresh.length > 0;
  }

  /** @throws TransportError `streamLimit` when the peer allows no more streams */
  open(id: StreamId): void {
    try {
      // Makes the stream known to the library, which counts it against the peer's limit.
      this.#native.streamPriority(id, defaultUrgency, true);
    } catch (cause) {
      throw new TransportError('streamLimit', 'the peer allows no more streams', { cause });
    }
    this.#add(id).isKnown = true;
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
   * @param bytes not changed by anybody afterwards
   * @throws TransportError `unknownStream`
   */
  write(id: StreamId, bytes: Uint8Array, fin: boolean): boolean {
    const stream = this.#streams.get(id) ?? this.#add(id);
    if (stream.isEnded || stream.finWaits) return false;
    if (!this.#hasRoom(stream, bytes.length)) {
      stream.refusedBytes = bytes.length;
      this.#refused.add(stream);
      return false;
    }
    // A stream that the library may not know has to be refused at once.
    if (!fin && stream.isKnown && stream.freshBytes + bytes.length <= freshBytesMax) {
      this.#gather(stream, bytes);
      return true;
    }
    return this.#offerFresh(stream) && this.#send(stream, bytes, fin);
  }

  /** Gives the library what it takes now, and tells of streams that have room again. */
  drain(): void {
    const fresh = this.#fresh;
    if (fresh.length > 1) fresh.sort(byUrgency);
    for (const stream of fresh) {
      stream.isFresh = false;
      this.#offerFresh(stream);
    }
    fresh.length = 0;
    if (this.#waiting.length > 0) this.#drainWaiting();
    if (this.#refused.size > 0) this.#tellWritable();
  }

  #drainWaiting(): void {
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
    this.#fresh.length = 0;
    this.#bufferedBytes = 0;
  }

  #add(id: StreamId): OutgoingStream {
    const stream = {
      id,
      urgency: defaultUrgency,
      buffer: new QuicStreamBuffer(),
      fresh: [],
      freshBytes: 0,
      isFresh: false,
      finWaits: false,
      isEnded: false,
      isKnown: false,
      refusedBytes: 0,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #hasRoom(stream: OutgoingStream, bytes: number): boolean {
    const { streamSendBytesMax, connectionSendBytesMax } = this.#limits;
    const own = stream.buffer.length + stream.freshBytes;
    const all = this.#bufferedBytes;
    return (
      (own === 0 || own + bytes <= streamSendBytesMax) &&
      (all === 0 || all + bytes <= connectionSendBytesMax)
    );
  }

  #gather(stream: OutgoingStream, bytes: Uint8Array): void {
    stream.fresh.push(bytes);
    stream.freshBytes += bytes.length;
    this.#bufferedBytes += bytes.length;
    if (stream.isFresh) return;
    stream.isFresh = true;
    this.#fresh.push(stream);
  }

  /**
   * Offers the library what one stream has gathered; what it does not take waits.
   *
   * @returns false where the stream turns out to be over, and nothing is left of it
   */
  #offerFresh(stream: OutgoingStream): boolean {
    const { fresh } = stream;
    for (const bytes of fresh) {
      stream.freshBytes -= bytes.length;
      this.#bufferedBytes -= bytes.length;
      if (!this.#send(stream, bytes, false)) return false;
    }
    fresh.length = 0;
    return true;
  }

  /** Behind what waits of the stream. @returns false where the stream is over */
  #send(stream: OutgoingStream, bytes: Uint8Array, fin: boolean): boolean {
    const taken = stream.buffer.length === 0 ? this.#offer(stream, bytes, fin) : 'blocked';
    if (taken === 'over') return false;
    if (taken === bytes.length) {
      if (fin) this.#finish(stream);
      return true;
    }
    const rest = taken === 'blocked' ? bytes : bytes.subarray(taken);
    stream.buffer.push(rest);
    this.#bufferedBytes += rest.length;
    stream.finWaits = fin;
    this.#wait(stream);
    return true;
  }

  #wait(stream: OutgoingStream): void {
    if (this.#waiting.includes(stream)) return;
    this.#waiting.push(stream);
    this.#waiting.sort(byUrgency);
  }

  /** A block of each stream after the other, until none of them gets on. */
  #drainByTurns(start: number, end: number): void {
    const waiting = this.#waiting;
    const served = new Set<OutgoingStream>();
    let isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (let i = start; i < end; i++) {
        const taken = this.#sendFront(waiting[i]!);
        if (taken > 0) served.add(waiting[i]!);
        if (taken > 0) isMoving = true;
      }
    }
    if (served.size === 0 || served.size === end - start) return;
    // Who got nothing comes first the next time.
    const group = waiting.slice(start, end);
    group.sort((a, b) => Number(served.has(a)) - Number(served.has(b)));
    waiting.splice(start, end - start, ...group);
  }

  /** @returns how many bytes the library took. */
  #sendFront(stream: OutgoingStream): number {
    const { buffer } = stream;
    if (buffer.length === 0 && !stream.finWaits) return 0;
    const front = buffer.front();
    const fin = stream.finWaits && front.length === buffer.length;
    const taken = this.#offer(stream, front, fin);
    if (typeof taken === 'string') return 0;
    buffer.drop(taken);
    this.#bufferedBytes -= taken;
    if (fin && taken === front.length) this.#finish(stream);
    return taken;
  }

  /**
   * Offers bytes to the library. A stream that turns out to be over is ended here.
   *
   * @returns how many bytes it took
   * @throws TransportError `unknownStream` when there has never been such a stream
   */
  #offer(stream: OutgoingStream, bytes: Uint8Array, fin: boolean): number | 'blocked' | 'over' {
    const { id } = stream;
    try {
      const taken = this.#native.streamSend(id, bytes, fin);
      stream.isKnown = true;
      this.#takenBytes += taken ?? 0;
      // A stream that the peer stopped is forgotten in time, and then looks like a blocked one; its
      // capacity is an error.
      if (taken === null) this.#native.streamCapacity(id);
      return taken ?? 'blocked';
    } catch (error) {
      const code = streamFaultCode(error, 'StreamStopped');
      if (code === null && !stream.isKnown) {
        this.#streams.delete(id);
        throw unknownStream(id, error);
      }
      this.#end(stream);
      this.#events.streamStopped(id, code ?? 0);
      return 'over';
    }
  }

  /** Not before the write that was refused would be taken, or it would be tried over and over. */
  #tellWritable(): void {
    const { streamSendBytesMax, connectionSendBytesMax } = this.#limits;
    if (this.#bufferedBytes > connectionSendBytesMax / 2) return;
    for (const stream of this.#refused) {
      if (stream.buffer.length + stream.freshBytes > streamSendBytesMax / 2) continue;
      if (!this.#hasRoom(stream, stream.refusedBytes)) continue;
      this.#refused.delete(stream);
      this.#events.streamWritable(stream.id);
    }
  }

  #finish(stream: OutgoingStream): void {
    this.#end(stream);
    this.#streams.delete(stream.id);
  }

  #end(stream: OutgoingStream): void {
    this.#bufferedBytes -= stream.buffer.length + stream.freshBytes;
    stream.buffer.clear();
    stream.fresh.length = 0;
    stream.freshBytes = 0;
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
