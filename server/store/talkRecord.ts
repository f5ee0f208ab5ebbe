import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { TalkInfo, Uuid } from '@rookery/schemas/messages';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** What is kept of a talk. */
export interface StoredTalk {
  readonly talkId: Uuid;
  readonly type: TalkInfo['type'];
  /** Empty for a direct talk. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** In the order in which they came to it. */
  readonly userIds: readonly Uuid[];
}

const version = 1;
const talkTypes: ReadonlyMap<number, StoredTalk['type']> = new Map([
  [RoomType.Direct, RoomType.Direct],
  [RoomType.Group, RoomType.Group],
]);

export function encodeTalk({ type, name, createdAtMs, userIds }: StoredTalk): Uint8Array {
  const writer = new RecordWriter(version).u8(type).time(createdAtMs).text(name);
  writer.u8(userIds.length);
  for (const userId of userIds) writer.uuid(userId);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeTalk(talkId: Uuid, bytes: Uint8Array): StoredTalk {
  const reader = new RecordReader('a talk', bytes, version);
  const type = readType(reader);
  const createdAtMs = reader.time();
  const name = reader.text();
  const userIds = Array.from({ length: reader.u8() }, () => reader.uuid());
  reader.finish();
  return { talkId, type, name, createdAtMs, userIds };
}

/** What stands beside a user for each talk. */
export function encodeTalkType(type: StoredTalk['type']): Uint8Array {
  return new RecordWriter(version).u8(type).finish();
}

/** @throws ServerError `unusableData` */
export function decodeTalkType(bytes: Uint8Array): StoredTalk['type'] {
  const reader = new RecordReader("a user's talk", bytes, version);
  const type = readType(reader);
  reader.finish();
  return type;
}

/** The numbers of the wire, which keep their meaning as those of records do. */
function readType(reader: RecordReader): StoredTalk['type'] {
  const byte = reader.u8();
  const type = talkTypes.get(byte);
  if (type === undefined) throw reader.damaged(`is of the type ${byte}, which is not known`);
  return type;
}
