import { FrameReader } from '@rookery/schemas/frame';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { framePayloadBytesMax, StreamKind } from '@rookery/schemas/protocol';
import { shardOf } from '@rookery/schemas/roomShard';
import { RoomStreamOrder } from '@rookery/schemas/roomStreamOrder';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import type { QuicEvent, StreamId } from '@rookery/transport/quicTypes';
import type { EndpointPair } from '@rookery/transport/testing/endpointPair';
import { perfectLink, type LinkConditions } from '@rookery/transport/testing/simulatedLink';
import { controlLimits } from '../limits.js';
import { Connection } from '../session/connection.js';
import { QuicPeer } from '../session/quicPeer.js';

/** A text as it reached the reader. */
export interface Delivery {
  readonly roomId: Uuid;
  readonly text: string;
  /** On the clock of the network. */
  readonly atMs: number;
}

interface StreamOfServer {
  readonly kind: number;
  readonly frames: FrameReader;
}

/** A server's connection to one reader, over a simulated link in stepped time. */
export class RoomStreamStage {
  readonly deliveries: Delivery[] = [];
  readonly #pair: EndpointPair;
  readonly #connection: Connection;
  readonly #streams = new Map<StreamId, StreamOfServer>();
  readonly #order = new RoomStreamOrder(({ message }) => {
    if (message.type !== FrameType.RoomMessage) return;
    const { roomId, text } = message;
    this.deliveries.push({ roomId, text, atMs: this.nowMs });
  });

  constructor(pair: EndpointPair) {
    this.#pair = pair;
    const { onServer } = pair.connect();
    const { endpoint } = pair.server;
    this.#connection = new Connection({
      id: onServer,
      peer: new QuicPeer({ endpoint, wake: () => undefined }, onServer),
      limits: controlLimits,
      nowMs: () => this.nowMs,
      onTooSlow: () => {
        throw new Error('the reader is too slow');
      },
    });
    pair.server.onEvent = (event) => {
      if (event.type === 'writable') this.#connection.drain(event.stream);
    };
    pair.client.onEvent = (event) => this.#receive(event);
    this.#connection.openView();
  }

  get nowMs(): number {
    return this.#pair.network.nowMs;
  }

  /** How packets fare from the server to the reader from now on. */
  set conditions(conditions: Partial<LinkConditions>) {
    this.#pair.network.links[1].conditions = { ...perfectLink, ...conditions };
  }

  send(roomId: Uuid, text: string, heat: 'calm' | 'hot' = 'calm'): void {
    const shard = shardOf(roomId, controlLimits.streams.shardCount);
    const frame = encodeMessage({ type: FrameType.RoomMessage, ...textMessage({ roomId, text }) });
    this.#connection.sendRoom({ roomId, shard, isHot: heat === 'hot' }, frame);
  }

  /** Lets simulated time pass. */
  run(durationMs: number): void {
    this.#pair.network.run(durationMs);
  }

  /** Runs until the reader has so many texts. */
  runUntil(count: number): void {
    this.#pair.network.runUntil(() => this.deliveries.length >= count);
  }

  textsOf(roomId: Uuid): string[] {
    return this.deliveries.filter((of) => of.roomId === roomId).map(({ text }) => text);
  }

  #receive(event: QuicEvent): void {
    if (event.type !== 'stream') return;
    const { stream, bytes } = event;
    const known = this.#streams.get(stream);
    const { kind, frames } = known ?? this.#open(stream, bytes[0]!);
    frames.push(known === undefined ? bytes.subarray(1) : bytes);
    for (let frame = frames.next(); frame !== null; frame = frames.next()) {
      const received = decodeMessage(frame.type, frame.payload);
      if (kind === StreamKind.Hot) this.#order.takeFromHot(stream, received);
      else this.#order.takeFromShard(stream, received);
    }
  }

  #open(stream: StreamId, kind: number): StreamOfServer {
    const opened = { kind, frames: new FrameReader(framePayloadBytesMax.fromServer) };
    this.#streams.set(stream, opened);
    return opened;
  }
}
