import assert from 'node:assert/strict';
import type { QuicLimits } from '@rookery/transport/quicTypes';

/** Bounds of the streams that carry text to a client. */
export interface StreamLimits {
  /** Streams over which rooms are spread; one that carries nothing is never opened. */
  readonly shardCount: number;
  /** Rooms of one connection that have a stream of their own. */
  readonly hotRoomsMax: number;
  /** A room in which more is written gets a stream of its own, … */
  readonly hotMessagesPerSecond: number;
  /** … and goes back once less than this has been written … */
  readonly calmMessagesPerSecond: number;
  /** … for so long. A stream that carried nothing for so long is given up, too. */
  readonly coolDownMs: number;
}

/** Part of `controlLimits`, where its relations to the others are asserted. */
export const streamLimits: StreamLimits = {
  shardCount: 8,
  hotRoomsMax: 10,
  hotMessagesPerSecond: 100,
  calmMessagesPerSecond: 20,
  coolDownMs: 60_000,
};

/**
 * Asserts the relations between the limits. Called once at start.
 * @throws AssertionError for limits that contradict each other: a bug, not an operating fault.
 */
export function assertStreamLimits(limits: StreamLimits, quic: QuicLimits): void {
  const { shardCount, hotRoomsMax, calmMessagesPerSecond, hotMessagesPerSecond } = limits;
  assert(shardCount >= 1 && shardCount < 256, 'a shard is told in one byte');
  assert(calmMessagesPerSecond < hotMessagesPerSecond, 'a room does not move to and fro');
  // Those of the view and of downloads, and some that are ending.
  assert(shardCount + hotRoomsMax + 8 <= quic.uniStreamsMax, 'a client allows all streams');
}
