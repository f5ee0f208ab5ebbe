import { FrameType } from '@rookery/schemas/frameType';
import type { FileInfo } from '@rookery/schemas/messages';
import type { UploadRecord } from '../store/uploadRecord.js';

/** What others are told of an upload; null while it is not finished. */
export function fileInfoOf(upload: UploadRecord): FileInfo | null {
  const { uploadId, placeId, userId, name, sizeBytes, hash, finished } = upload;
  if (finished === null) return null;
  return {
    type: FrameType.FileInfo,
    uploadId,
    placeId,
    userId,
    name,
    mediaType: finished.mediaType,
    sizeBytes,
    hash,
    uploadedAtMs: finished.finishedAtMs,
    thumbnail: finished.thumbnail,
  };
}
