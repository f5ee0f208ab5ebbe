import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { contentHashBytes, ContentHasher } from '@rookery/schemas/contentHash';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import type { EntryCheck } from './checkData.js';
import { idKey } from './keys.js';
import type { Tables } from './tables.js';
import { contentPath, folderOfUploads, thumbnailPath } from './uploadPaths.js';
import { decodeUpload } from './uploadRecord.js';
import { contentKey, uploadIdOf } from './uploads.js';

const pieceBytes = 1_048_576;

/** What is to be right with the index of uploads, and with the files that it tells of. */
export function uploadChecks(
  dataDirectory: string,
): Readonly<Record<'uploads' | 'uploadContents', EntryCheck>> {
  const folder = folderOfUploads(dataDirectory);
  return {
    uploads: (tables, key, value) => {
      const upload = decodeUpload(uuidFromBytes(key), value);
      if (upload.finished === null) return null;
      const entry = contentKey(upload.hash, upload.uploadId);
      const isFound = tables.get('uploadContents', entry) !== null;
      if (isFound || tables.get('uploads', key) === null) return null;
      return 'a file is not found by its content';
    },
    uploadContents: (tables, key) => {
      const problem = problemOfContent(tables, folder, key);
      // A server that runs may just have removed both.
      const isGone = problem !== null && tables.get('uploadContents', key) === null;
      return isGone ? null : problem;
    },
  };
}

function problemOfContent(tables: Tables, folder: string, key: Uint8Array): string | null {
  const hash = key.slice(0, contentHashBytes);
  const uploadId = uploadIdOf(key);
  const value = tables.get('uploads', idKey(uploadId));
  if (value === null) return 'an upload that has a content is gone';
  const { sizeBytes, finished } = decodeUpload(uploadId, value);
  const path = contentPath(folder, hash);
  if (!existsSync(path)) return 'the file of an upload is gone';
  const read = readFile(path);
  if (read.sizeBytes !== sizeBytes) return 'the file of an upload has another size';
  if (Buffer.compare(read.hash, hash) !== 0) return 'the file of an upload is not what it was';
  const isPictureGone =
    (finished?.thumbnail ?? null) !== null && !existsSync(thumbnailPath(folder, hash));
  return isPictureGone ? 'the thumbnail of a picture is gone' : null;
}

function readFile(path: string): { readonly sizeBytes: number; readonly hash: Uint8Array } {
  const file = openSync(path, 'r');
  const hasher = new ContentHasher();
  const piece = new Uint8Array(pieceBytes);
  try {
    let sizeBytes = 0;
    for (let bytes = readSync(file, piece); bytes > 0; bytes = readSync(file, piece)) {
      hasher.update(piece.subarray(0, bytes));
      sizeBytes += bytes;
    }
    return { sizeBytes, hash: hasher.finish() };
  } finally {
    closeSync(file);
  }
}
