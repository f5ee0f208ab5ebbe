import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { idField, integerField } from './fields.js';

const roomId = idField('roomId');
const shard = integerField('shard', 0, 0xff);
const shardCount = integerField('shardCount', 1, 0xff);
const hotStream = integerField('hotStream', 0, 0xffff_ffff);

/** Which stream carries which rooms (control/shards.fbs). */
export const streamCodecs: CodecTable<messages.StreamMessage['type']> = {
  [FrameType.ShardAssignment]: defineCodec<messages.ShardAssignment, tables.ShardAssignment>(
    tables.Payload.ShardAssignment,
    tables.ShardAssignment,
    (table) => ({
      type: FrameType.ShardAssignment,
      shard: shard(table.shard()),
      shardCount: shardCount(table.shardCount()),
    }),
    (builder, message) =>
      tables.ShardAssignment.createShardAssignment(
        builder,
        shard(message.shard),
        shardCount(message.shardCount),
      ),
  ),
  [FrameType.RoomPromoted]: defineCodec<messages.RoomPromoted, tables.RoomPromoted>(
    tables.Payload.RoomPromoted,
    tables.RoomPromoted,
    (table) => ({
      type: FrameType.RoomPromoted,
      roomId: roomId.read(table.roomIdArray()),
      hotStream: hotStream(table.hotStream()),
    }),
    (builder, message) =>
      tables.RoomPromoted.createRoomPromoted(
        builder,
        roomId.write(builder, message.roomId),
        hotStream(message.hotStream),
      ),
  ),
  [FrameType.RoomDemoted]: defineCodec<messages.RoomDemoted, tables.RoomDemoted>(
    tables.Payload.RoomDemoted,
    tables.RoomDemoted,
    (table) => ({ type: FrameType.RoomDemoted, roomId: roomId.read(table.roomIdArray()) }),
    (builder, message) =>
      tables.RoomDemoted.createRoomDemoted(builder, roomId.write(builder, message.roomId)),
  ),
};
