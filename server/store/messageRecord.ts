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
  /** The message of the same room that it answers, or null. */
  readonly replyToId: Uuid | null;
  /** Users that the text mentions. */
  readonly mentionedIds: readonly Uuid[];
  /** Uploads that belong to it. */
  readonly attachmentIds: readonly Uuid[];
  /** Oldest kind first. Who reacted is kept apart: reactions.ts */
  readonly reactions: readonly ReactionCount[];
}

/** One kind of reaction to a message. */
export interface ReactionCount {
  readonly emoji: string;
  /** Users, at least 1. */
  readonly count: number;
}

/** 2 came with replies, mentions, attachments and reactions. */
const version = 2;
/** Of most messages beside their text. */
const messageBytes = 64;
const flags = { edited: 1, deleted: 2, reply: 4 } as const;

export function encodeStoredMessage(message: StoredMessage): Uint8Array {
  const { editedAtMs, deletedAtMs, replyToId, reactions } = message;
  const flagBits =
    (editedAtMs === null ? 0 : flags.edited) |
    (deletedAtMs === null ? 0 : flags.deleted) |
    (replyToId === null ? 0 : flags.reply);
  const expectedBytes = messageBytes + message.displayName.length + message.text.length;
  const writer = new RecordWriter(version, expectedBytes)
    .u8(flagBits)
    .uuid(message.userId)
    .uuid(message.clientMessageId)
    .time(message.sentAtMs);
  if (editedAtMs !== null) writer.time(editedAtMs);
  if (deletedAtMs !== null) writer.time(deletedAtMs);
  if (replyToId !== null) writer.uuid(replyToId);
  for (const ids of [message.mentionedIds, message.attachmentIds]) {
    writer.u8(ids.length);
    for (const id of ids) writer.uuid(id);
  }
  writer.u8(reactions.length);
  for (const { emoji, count } of reactions) writer.u32(count).text(emoji);
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
  const more = reader.version === 1 ? nothingMore : readMore(reader, flagBits);
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
    ...more,
  };
}

type More = Pick<StoredMessage, 'replyToId' | 'mentionedIds' | 'attachmentIds' | 'reactions'>;

const nothingMore: More = { replyToId: null, mentionedIds: [], attachmentIds: [], reactions: [] };

function readMore(reader: RecordReader, flagBits: number): More {
  const replyToId = (flagBits & flags.reply) === 0 ? null : reader.uuid();
  const mentionedIds = readList(reader, () => reader.uuid());
  const attachmentIds = readList(reader, () => reader.uuid());
  const reactions = readList(reader, () => ({ count: reader.u32(), emoji: reader.text() }));
  return { replyToId, mentionedIds, attachmentIds, reactions };
}

function readList<T>(reader: RecordReader, readOne: () => T): T[] {
  return Array.from({ length: reader.u8() }, readOne);
}
