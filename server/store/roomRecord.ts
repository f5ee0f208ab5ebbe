import type { RoomInfo, Uuid } from '@rookery/schemas/messages';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** A room without its links, which have a table of their own. */
export type KeptRoom = Omit<RoomInfo, 'linkedRoomIds'>;

/** What is kept of a room. */
export interface RoomRecord {
  readonly room: KeptRoom;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

const version = 1;
const flags = { hasParent: 1 } as const;

export function encodeRoom({ room, createdAtMs }: RoomRecord): Uint8Array {
  const { parentId } = room;
  const writer = new RecordWriter(version).u8(parentId === null ? 0 : flags.hasParent);
  if (parentId !== null) writer.uuid(parentId);
  return writer
    .time(createdAtMs)
    .u16(room.speakersMax)
    .u8(room.bundleWindowMs)
    .u32(room.bitrate)
    .text(room.name)
    .finish();
}

/** @throws ServerError `unusableData` */
export function decodeRoom(roomId: Uuid, bytes: Uint8Array): RoomRecord {
  const reader = new RecordReader('a room', bytes, version);
  const parentId = reader.u8() === flags.hasParent ? reader.uuid() : null;
  const createdAtMs = reader.time();
  const speakersMax = reader.u16();
  const bundleWindowMs = reader.u8();
  const bitrate = reader.u32();
  const name = reader.text();
  reader.finish();
  return { room: { roomId, parentId, name, speakersMax, bundleWindowMs, bitrate }, createdAtMs };
}
