import type { Uuid } from '@rookery/schemas/messages';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** A message as it is kept. What was deleted stays without its text, so that all learn of it. */
export interface StoredMessage {
  readonly messageId: Uuid;
  readonly roomId: Uuid;
  readonly userId: Uuid;
  /** Of the sender at that time. */
  readonly displayName: string;
  /** Empty where it was deleted. */
  readonly text: string;
  /** Milliseconds since 1970, as all times here. */
  readonly sentAtMs: number;
  readonly clientMessageId: Uuid;
  /** Of the latest edit; null where there was none. */
  readonly editedAtMs: number | null;
  readonly deletedAtMs: number | null;
}

const version = 1;
const flags = { edited: 1, deleted: 2 } as const;

export function encodeStoredMessage(message: StoredMessage): Uint8Array {
  const { editedAtMs, deletedAtMs } = message;
  const writer = new RecordWriter(version)
    .u8((editedAtMs === null ? 0 : flags.edited) | (deletedAtMs === null ? 0 : flags.deleted))
    .uuid(message.userId)
    .uuid(message.clientMessageId)
    .time(message.sentAtMs);
  if (editedAtMs !== null) writer.time(editedAtMs);
  if (deletedAtMs !== null) writer.time(deletedAtMs);
  return writer.text(message.displayName).text(message.text).finish();
}

/** @throws ServerError `unusableData` */
export function decodeStoredMessage(
  roomId: Uuid,
  messageId: Uuid,
  bytes: Uint8Array,
): StoredMessage {
  const reader = new RecordReader('a message', bytes, version);
  const flagBits = reader.u8();
  const userId = reader.uuid();
  const clientMessageId = reader.uuid();
  const sentAtMs = reader.time();
  const editedAtMs = (flagBits & flags.edited) === 0 ? null : reader.time();
  const deletedAtMs = (flagBits & flags.deleted) === 0 ? null : reader.time();
  const displayName = reader.text();
  const text = reader.text();
  reader.finish();
  return {
    messageId,
    roomId,
    userId,
    displayName,
    text,
    sentAtMs,
    clientMessageId,
    editedAtMs,
    deletedAtMs,
  };
}
