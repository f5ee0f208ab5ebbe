import { closeSync, openSync, readSync } from 'node:fs';
import { ContentHasher } from '@rookery/schemas/contentHash';
import { mediaTypeOf, sniffedBytes } from './mediaType.js';

/** Reads whole files: up to a second of a core for the largest, so never on the main thread. */

export interface FileFindings {
  /** BLAKE3, 32 bytes. */
  readonly hash: Uint8Array;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

const pieceBytes = 262_144;

/** Throws what node:fs throws. */
export async function checkFile(path: string): Promise<FileFindings> {
  const file = openSync(path, 'r');
  const hasher = new ContentHasher();
  try {
    const piece = new Uint8Array(pieceBytes);
    let head: Uint8Array = new Uint8Array(0);
    let sizeBytes = 0;
    for (;;) {
      const bytes = readSync(file, piece);
      if (bytes === 0) break;
      if (sizeBytes === 0) head = piece.slice(0, Math.min(bytes, sniffedBytes));
      hasher.update(piece.subarray(0, bytes));
      sizeBytes += bytes;
    }
    return { hash: hasher.finish(), sizeBytes, mediaType: await mediaTypeOf(head) };
  } finally {
    closeSync(file);
  }
}
