import { FrameType } from '@rookery/schemas/frameType';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import type { Uuid } from '@rookery/schemas/messages';
import { StreamKind } from '@rookery/schemas/protocol';
import type { StreamId } from '@rookery/transport/quicTypes';
import type { Outbox } from '../broadcast/outbox.js';
import type { StreamLimits } from '../streamLimits.js';

/** Which stream is to carry a message: the same for all its readers. */
export interface RoomRoute {
  readonly roomId: Uuid;
  /** 0 … shardCount − 1. */
  readonly shard: number;
  /** Whether the room is to have a stream of its own, where there is one to give. */
  readonly isHot: boolean;
}

/** A stream towards the client, and what waits for it. */
export interface OpenedStream {
  readonly stream: StreamId;
  readonly outbox: Outbox;
}

export interface RoomStreamsOptions {
  readonly limits: StreamLimits;
  /** null where the client allows no more, or is gone. */
  readonly open: (kind: typeof StreamKind.Shard | typeof StreamKind.Hot) => OpenedStream | null;
  /** Carries what finds no stream of its own. */
  readonly view: Outbox;
  /** Monotonic. */
  readonly nowMs: () => number;
}

interface HotStream {
  readonly outbox: Outbox;
  usedAtMs: number;
}

/**
 * The streams that carry text to one client: each room on the stream of its shard, and a room in
 * which very much is written on one of its own, so that a lost packet of one delays no other. They
 * are opened when there is something to carry. The order within a room holds over all switches
 * (schemas/roomStreamOrder.ts).
 */
export class RoomStreams {
  readonly #options: RoomStreamsOptions;
  readonly #shards = new Map<number, Outbox>();
  readonly #hot = new Map<Uuid, HotStream>();

  constructor(options: RoomStreamsOptions) {
    this.#options = options;
  }

  /** Rooms that have a stream of their own here. */
  get hotCount(): number {
    return this.#hot.size;
  }

  /** @returns false where the client is too slow */
  send(route: RoomRoute, frame: Uint8Array): boolean {
    const hot = this.#hotStreamFor(route);
    if (hot === null) return this.#shard(route.shard).push(frame);
    hot.usedAtMs = this.#options.nowMs();
    return hot.outbox.push(frame);
  }

  /** Ends the hot streams that carried nothing for long: their rooms are not read here any more. */
  giveUpUnused(): void {
    const { nowMs, limits } = this.#options;
    for (const [roomId, { usedAtMs }] of this.#hot) {
      if (nowMs() - usedAtMs >= limits.coolDownMs) this.#demote(roomId);
    }
  }

  #hotStreamFor({ roomId, shard, isHot }: RoomRoute): HotStream | null {
    const hot = this.#hot.get(roomId) ?? null;
    if (isHot) return hot ?? this.#promote(roomId, shard);
    if (hot !== null) this.#demote(roomId);
    return null;
  }

  #promote(roomId: Uuid, shard: number): HotStream | null {
    const { limits, open, view, nowMs } = this.#options;
    const from = this.#shard(shard);
    if (this.#hot.size >= limits.hotRoomsMax || from === view) return null;
    const opened = open(StreamKind.Hot);
    if (opened === null) return null;
    const { stream: hotStream, outbox } = opened;
    from.push(encodeMessage({ type: FrameType.RoomPromoted, roomId, hotStream }));
    const hot = { outbox, usedAtMs: nowMs() };
    this.#hot.set(roomId, hot);
    return hot;
  }

  #demote(roomId: Uuid): void {
    const hot = this.#hot.get(roomId);
    this.#hot.delete(roomId);
    hot?.outbox.push(encodeMessage({ type: FrameType.RoomDemoted, roomId }));
    hot?.outbox.finish();
  }

  #shard(shard: number): Outbox {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const { open, view, limits } = this.#options;
    const outbox = open(StreamKind.Shard)?.outbox ?? view;
    // For ever, since the order would break if it changed.
    this.#shards.set(shard, outbox);
    const { shardCount } = limits;
    if (outbox !== view) {
      outbox.push(encodeMessage({ type: FrameType.ShardAssignment, shard, shardCount }));
    }
    return outbox;
  }
}
