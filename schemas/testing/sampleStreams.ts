import { FrameType } from '../frameType.js';
import type { StreamMessage } from '../messages.js';
import { rootRoomId } from '../protocol.js';

const talkId = '01234567-89ab-7def-8123-456789abcdef';

/** Samples of the messages about streams. */
export const sampleStreams = {
  [FrameType.ShardAssignment]: [
    { type: FrameType.ShardAssignment, shard: 0, shardCount: 1 },
    { type: FrameType.ShardAssignment, shard: 254, shardCount: 255 },
  ],
  [FrameType.RoomPromoted]: [
    { type: FrameType.RoomPromoted, roomId: rootRoomId, hotStream: 3 },
    { type: FrameType.RoomPromoted, roomId: talkId, hotStream: 0xffff_ffff },
  ],
  [FrameType.RoomDemoted]: [{ type: FrameType.RoomDemoted, roomId: talkId }],
} as const satisfies Record<StreamMessage['type'], readonly StreamMessage[]>;
