import type { FrameType } from './frameType.js';
import type { Uuid } from './uuid.js';

/**
 * Messages about the streams of the server themselves. The meaning of each field stands in
 * `control/shards.fbs`.
 */

export interface ShardAssignment {
  readonly type: (typeof FrameType)['ShardAssignment'];
  readonly shard: number;
  readonly shardCount: number;
}
export interface RoomPromoted {
  readonly type: (typeof FrameType)['RoomPromoted'];
  readonly roomId: Uuid;
  readonly hotStream: number;
}
export interface RoomDemoted {
  readonly type: (typeof FrameType)['RoomDemoted'];
  readonly roomId: Uuid;
}

export type StreamMessage = ShardAssignment | RoomPromoted | RoomDemoted;
