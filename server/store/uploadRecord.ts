import { contentHashBytes } from '@rookery/schemas/contentHash';
import type { Thumbnail, Uuid } from '@rookery/schemas/messages';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** A file that somebody uploads, or has uploaded. Its bytes are in the folder of uploads. */
export interface UploadRecord {
  readonly uploadId: Uuid;
  readonly userId: Uuid;
  /** Where it is meant for. */
  readonly placeId: Uuid;
  readonly name: string;
  readonly sizeBytes: number;
  /** BLAKE3, 32 bytes. */
  readonly hash: Uint8Array;
  /** Milliseconds since 1970, as all times here. */
  readonly startedAtMs: number;
  /** null while bytes of it are missing. */
  readonly finished: FinishedUpload | null;
}

export interface FinishedUpload {
  readonly finishedAtMs: number;
  readonly mediaType: string;
  readonly thumbnail: Thumbnail | null;
  /** The message in that place that shows it; null while there is none. */
  readonly messageId: Uuid | null;
}

const version = 1;
const flags = { finished: 1, thumbnail: 2, attached: 4 } as const;

export function encodeUpload(upload: UploadRecord): Uint8Array {
  const { finished } = upload;
  const writer = new RecordWriter(version)
    .u8(flagsOf(finished))
    .uuid(upload.userId)
    .uuid(upload.placeId)
    .text(upload.name)
    // As wide as a time: below 2^48.
    .time(upload.sizeBytes)
    .bytes(upload.hash)
    .time(upload.startedAtMs);
  if (finished === null) return writer.finish();
  const { thumbnail, messageId } = finished;
  writer.time(finished.finishedAtMs).text(finished.mediaType);
  if (thumbnail !== null) {
    writer.u16(thumbnail.width).u16(thumbnail.height).u32(thumbnail.sizeBytes);
  }
  if (messageId !== null) writer.uuid(messageId);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeUpload(uploadId: Uuid, bytes: Uint8Array): UploadRecord {
  const reader = new RecordReader('an upload', bytes, version);
  const flagBits = reader.u8();
  const started = {
    uploadId,
    userId: reader.uuid(),
    placeId: reader.uuid(),
    name: reader.text(),
    sizeBytes: reader.time(),
    hash: reader.bytes(contentHashBytes),
    startedAtMs: reader.time(),
  };
  const finished = (flagBits & flags.finished) === 0 ? null : readFinished(reader, flagBits);
  reader.finish();
  return { ...started, finished };
}

function readFinished(reader: RecordReader, flagBits: number): FinishedUpload {
  const finishedAtMs = reader.time();
  const mediaType = reader.text();
  const thumbnail =
    (flagBits & flags.thumbnail) === 0
      ? null
      : { width: reader.u16(), height: reader.u16(), sizeBytes: reader.u32() };
  const messageId = (flagBits & flags.attached) === 0 ? null : reader.uuid();
  return { finishedAtMs, mediaType, thumbnail, messageId };
}

function flagsOf(finished: FinishedUpload | null): number {
  if (finished === null) return 0;
  const { thumbnail, messageId } = finished;
  const thumbnailFlag = thumbnail === null ? 0 : flags.thumbnail;
  return flags.finished | thumbnailFlag | (messageId === null ? 0 : flags.attached);
}
