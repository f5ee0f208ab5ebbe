import type { FrameType } from './frameType.js';
import type { ErrorCode } from './generated/rookery/error-code.js';
import type { FileVariant } from './generated/rookery/file-variant.js';
import type { Uuid } from './uuid.js';

/** Messages about files; the meaning of each field stands in `control/uploads.fbs`. */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

export interface UploadStart extends Of<T['UploadStart']> {
  readonly placeId: Uuid;
  readonly name: string;
  readonly sizeBytes: number;
  /** BLAKE3, 32 bytes. */
  readonly hash: Uint8Array;
}
export interface UploadChunk extends Of<T['UploadChunk']> {
  readonly uploadId: Uuid;
  readonly offset: number;
  /** 1 … 32,768. */
  readonly bytes: Uint8Array;
}
export interface UploadComplete extends Of<T['UploadComplete']> {
  readonly uploadId: Uuid;
}
export interface UploadCancel extends Of<T['UploadCancel']> {
  readonly uploadId: Uuid;
}
export interface UploadAck extends Of<T['UploadAck']> {
  readonly uploadId: Uuid;
  readonly offset: number;
}

/** The small picture of a picture, as WebP. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}
/** What is known of a file. */
export interface FileFacts {
  readonly uploadId: Uuid;
  readonly placeId: Uuid;
  readonly userId: Uuid;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** BLAKE3, 32 bytes. */
  readonly hash: Uint8Array;
  /** Milliseconds since 1970. */
  readonly uploadedAtMs: number;
  readonly thumbnail: Thumbnail | null;
}
export interface FileInfo extends Of<T['FileInfo']>, FileFacts {}

export interface ReadFile extends Of<T['ReadFile']> {
  readonly uploadId: Uuid;
}
export interface DownloadRange extends Of<T['DownloadRange']> {
  readonly downloadId: number;
  readonly uploadId: Uuid;
  readonly variant: FileVariant;
  readonly offset: number;
  readonly length: number;
}
export interface DownloadChunk extends Of<T['DownloadChunk']> {
  readonly downloadId: number;
  readonly offset: number;
  /** 1 … 32,768. */
  readonly bytes: Uint8Array;
}
export interface DownloadCancel extends Of<T['DownloadCancel']> {
  readonly downloadId: number;
}
export interface TransferFailed extends Of<T['TransferFailed']> {
  /** null for a download. */
  readonly uploadId: Uuid | null;
  /** 0 for an upload. */
  readonly downloadId: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a client sends on its bulk stream. */
export type BulkMessage =
  | UploadStart
  | UploadChunk
  | UploadComplete
  | UploadCancel
  | ReadFile
  | DownloadRange
  | DownloadCancel;
/** What a server says of files. */
export type FileMessage = UploadAck | FileInfo | DownloadChunk | TransferFailed;
