import { FrameType } from '../frameType.js';
import { ErrorCode } from '../generated/rookery/error-code.js';
import { FileVariant } from '../generated/rookery/file-variant.js';
import type { BulkMessage, FileMessage } from '../messages.js';
import { rootRoomId } from '../protocol.js';

type UploadMessage = BulkMessage | FileMessage;

const uploadId = '01234567-89ab-7def-8123-456789abcdef';
const hash = Uint8Array.from({ length: 32 }, (_, index) => index);
const latest = Number.MAX_SAFE_INTEGER;

const picture = {
  type: FrameType.FileInfo,
  uploadId,
  placeId: rootRoomId,
  userId: 'ffffffff-0000-ffff-0000-ffffffffffff',
  name: 'Nest \u{1fab9}.png',
  mediaType: 'image/png',
  sizeBytes: 1,
  hash,
  uploadedAtMs: 1_700_000_000_000,
  thumbnail: { width: 320, height: 0xffff, sizeBytes: 0xffff_ffff },
} as const;

/** Samples of every message about files. */
export const sampleUploads: {
  readonly [T in UploadMessage['type']]: readonly [
    Extract<UploadMessage, { readonly type: T }>,
    ...Extract<UploadMessage, { readonly type: T }>[],
  ];
} = {
  [FrameType.UploadStart]: [
    { type: FrameType.UploadStart, placeId: rootRoomId, name: 'a.txt', sizeBytes: latest, hash },
    { type: FrameType.UploadStart, placeId: uploadId, name: '', sizeBytes: 0, hash },
  ],
  [FrameType.UploadChunk]: [
    { type: FrameType.UploadChunk, uploadId, offset: latest, bytes: hash },
    { type: FrameType.UploadChunk, uploadId, offset: 0, bytes: Uint8Array.of(7) },
  ],
  [FrameType.UploadComplete]: [{ type: FrameType.UploadComplete, uploadId }],
  [FrameType.UploadCancel]: [{ type: FrameType.UploadCancel, uploadId }],
  [FrameType.UploadAck]: [
    { type: FrameType.UploadAck, uploadId, offset: 32_768 },
    { type: FrameType.UploadAck, uploadId, offset: 0 },
  ],
  [FrameType.FileInfo]: [picture, { ...picture, name: '', mediaType: '', thumbnail: null }],
  [FrameType.ReadFile]: [{ type: FrameType.ReadFile, uploadId }],
  [FrameType.DownloadRange]: [
    {
      type: FrameType.DownloadRange,
      downloadId: 0xffff_ffff,
      uploadId,
      variant: FileVariant.Thumbnail,
      offset: latest,
      length: 0xffff_ffff,
    },
    {
      type: FrameType.DownloadRange,
      downloadId: 1,
      uploadId,
      variant: FileVariant.Original,
      offset: 0,
      length: 1,
    },
  ],
  [FrameType.DownloadChunk]: [
    { type: FrameType.DownloadChunk, downloadId: 1, offset: 32_768, bytes: hash },
    { type: FrameType.DownloadChunk, downloadId: 0, offset: 0, bytes: Uint8Array.of(0) },
  ],
  [FrameType.DownloadCancel]: [{ type: FrameType.DownloadCancel, downloadId: 9 }],
  [FrameType.TransferFailed]: [
    {
      type: FrameType.TransferFailed,
      uploadId,
      downloadId: 0,
      code: ErrorCode.FileMismatch,
      message: 'The file is not what its hash says.',
    },
    {
      type: FrameType.TransferFailed,
      uploadId: null,
      downloadId: 3,
      code: ErrorCode.Unknown,
      message: '',
    },
  ],
};
