import type { RoomInfo, RoomProperties, Uuid } from '@rookery/schemas/messages';
import { defaultRoomProperties } from '@rookery/schemas/protocol';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** A room without its links, which have a table of their own. */
export type KeptRoom = Omit<RoomInfo, 'linkedRoomIds'>;

/** What is kept of a room. */
export interface RoomRecord {
  readonly room: KeptRoom;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

/*
 *     1  flags, parent, time of making, speakersMax, bundleWindowMs, bitrate, name
 *     2  … and position, userLimit, frameMs, description; more flags
 *     3  … and keepDays, keepMessages
 *     4  … and slowModeSeconds; more flags
 */
const version = 4;
const flags = {
  hasParent: 1,
  isTemporary: 2,
  isFecOn: 4,
  isLocked: 8,
  isPrivate: 16,
} as const;

export function encodeRoom({ room, createdAtMs }: RoomRecord): Uint8Array {
  const { parentId } = room;
  const writer = new RecordWriter(version).u8(
    (parentId === null ? 0 : flags.hasParent) |
      (room.isTemporary ? flags.isTemporary : 0) |
      (room.isFecOn ? flags.isFecOn : 0) |
      (room.isLocked ? flags.isLocked : 0) |
      (room.isPrivate ? flags.isPrivate : 0),
  );
  if (parentId !== null) writer.uuid(parentId);
  return writer
    .time(createdAtMs)
    .u16(room.speakersMax)
    .u8(room.bundleWindowMs)
    .u32(room.bitrate)
    .text(room.name)
    .u16(room.position)
    .u16(room.userLimit)
    .u8(room.frameMs)
    .text(room.description)
    .u16(room.keepDays)
    .u32(room.keepMessages)
    .u16(room.slowModeSeconds)
    .finish();
}

/** @throws ServerError `unusableData` */
export function decodeRoom(roomId: Uuid, bytes: Uint8Array): RoomRecord {
  const reader = new RecordReader('a room', bytes, version);
  const flagBits = reader.u8();
  const parentId = (flagBits & flags.hasParent) === 0 ? null : reader.uuid();
  const createdAtMs = reader.time();
  const speakersMax = reader.u16();
  const bundleWindowMs = reader.u8();
  const bitrate = reader.u32();
  const name = reader.text();
  const properties =
    reader.version === 1 ? defaultRoomProperties : readProperties(reader, flagBits);
  reader.finish();
  const room = { roomId, parentId, name, speakersMax, bundleWindowMs, bitrate, ...properties };
  return { room, createdAtMs };
}

/** A room of version 1 had none of them; what came later is as with a new room. */
function readProperties(reader: RecordReader, flagBits: number): RoomProperties {
  const properties = {
    position: reader.u16(),
    userLimit: reader.u16(),
    frameMs: reader.u8(),
    description: reader.text(),
    isTemporary: (flagBits & flags.isTemporary) !== 0,
    isFecOn: (flagBits & flags.isFecOn) !== 0,
  };
  if (reader.version === 2) return { ...defaultRoomProperties, ...properties };
  const kept = { ...properties, keepDays: reader.u16(), keepMessages: reader.u32() };
  if (reader.version === 3) return { ...defaultRoomProperties, ...kept };
  const isLocked = (flagBits & flags.isLocked) !== 0;
  const isPrivate = (flagBits & flags.isPrivate) !== 0;
  return { ...kept, slowModeSeconds: reader.u16(), isLocked, isPrivate };
}
