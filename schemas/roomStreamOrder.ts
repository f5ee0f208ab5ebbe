import { FrameType } from './frameType.js';
import type { Message, ReceivedMessage, RoomPromoted } from './messages.js';
import { ProtocolError } from './protocolError.js';
import { shardOf } from './roomShard.js';
import type { Uuid } from './uuid.js';

/** QUIC's id of a stream. */
type StreamId = number;

/** A hot stream, from its first message or from RoomPromoted, whichever comes first. */
interface HotStream {
  /** The room whose turn it is; null while the shard stream still has messages of it. */
  roomId: Uuid | null;
  /** What came before its turn. */
  readonly held: ReceivedMessage[];
}

/** Far more than come while a lost packet is sent again; a server that makes it more is wrong. */
const heldMax = 4_096;

/**
 * Puts the messages of each room into the order in which the server sent them, whichever stream
 * carried them: streams have no order among each other.
 *
 *     shard stream   … m1 m2 RoomPromoted ─┐                       ┌─ m5 m6 …
 *     hot stream                           └─► m3 m4 RoomDemoted ──┘
 *
 * What comes before its turn is held; other rooms do not wait for it. Pure.
 */
export class RoomStreamOrder {
  readonly #deliver: (received: ReceivedMessage) => void;
  readonly #shards = new Map<StreamId, { readonly shard: number; readonly shardCount: number }>();
  readonly #hotStreams = new Map<StreamId, HotStream>();
  /** Of each promoted room what came on its shard stream meanwhile. */
  readonly #promoted = new Map<Uuid, ReceivedMessage[]>();
  #heldCount = 0;

  /** @param deliver called during take(), in order */
  constructor(deliver: (received: ReceivedMessage) => void) {
    this.#deliver = deliver;
  }

  /** How many messages wait for their turn. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /**
   * Takes the next message of a shard stream.
   *
   * @throws ProtocolError 'malformed' where the stream has no place for it, 'oversized' where too
   *   much waits
   */
  takeFromShard(stream: StreamId, received: ReceivedMessage): void {
    const { message } = received;
    const assigned = this.#shards.get(stream);
    if (message.type === FrameType.ShardAssignment) {
      if (assigned !== undefined) throw misplaced(message);
      this.#shards.set(stream, message);
      return;
    }
    const roomId = roomOf(message);
    if (assigned === undefined || shardOf(roomId, assigned.shardCount) !== assigned.shard) {
      throw misplaced(message);
    }
    this.#takeOfRoom(roomId, received);
  }

  /** The same of a hot stream. */
  takeFromHot(stream: StreamId, received: ReceivedMessage): void {
    const hot = this.#hotStream(stream);
    if (hot.roomId === null) this.#hold(hot.held, received);
    else this.#takeOfHot(stream, hot.roomId, received);
  }

  #takeOfRoom(roomId: Uuid, received: ReceivedMessage): void {
    const held = this.#promoted.get(roomId);
    if (held !== undefined) this.#hold(held, received);
    else if (received.message.type === FrameType.RoomPromoted) this.#promote(received.message);
    else this.#deliver(received);
  }

  #promote({ roomId, hotStream }: RoomPromoted): void {
    this.#promoted.set(roomId, []);
    const hot = this.#hotStream(hotStream);
    hot.roomId = roomId;
    for (const received of this.#release(hot.held)) this.#takeOfHot(hotStream, roomId, received);
  }

  #takeOfHot(stream: StreamId, roomId: Uuid, received: ReceivedMessage): void {
    const { message } = received;
    if (roomOf(message) !== roomId) throw misplaced(message);
    if (message.type !== FrameType.RoomDemoted) {
      this.#deliver(received);
      return;
    }
    this.#hotStreams.delete(stream);
    const held = this.#promoted.get(roomId) ?? [];
    this.#promoted.delete(roomId);
    for (const waiting of this.#release(held)) this.#takeOfRoom(roomId, waiting);
  }

  #hotStream(stream: StreamId): HotStream {
    const known = this.#hotStreams.get(stream);
    if (known !== undefined) return known;
    const hot = { roomId: null, held: [] };
    this.#hotStreams.set(stream, hot);
    return hot;
  }

  #hold(held: ReceivedMessage[], received: ReceivedMessage): void {
    if (this.#heldCount >= heldMax) {
      throw new ProtocolError('oversized', `more than ${heldMax} messages wait for their turn`);
    }
    this.#heldCount += 1;
    held.push(received);
  }

  #release(held: ReceivedMessage[]): ReceivedMessage[] {
    this.#heldCount -= held.length;
    return held.splice(0);
  }
}

function roomOf(message: Message): Uuid {
  if ('roomId' in message && typeof message.roomId === 'string') return message.roomId;
  throw misplaced(message);
}

function misplaced({ type }: Message): ProtocolError {
  return new ProtocolError('malformed', `a message of type ${type} is on the wrong stream`);
}
