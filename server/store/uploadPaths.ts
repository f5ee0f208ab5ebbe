import { join } from 'node:path';

/** Where the whole files of uploads are; backup and check go there too. */

export function folderOfUploads(dataDirectory: string): string {
  return join(dataDirectory, 'uploads');
}

/** @param hash BLAKE3, 32 bytes */
export function contentPath(folder: string, hash: Uint8Array): string {
  const name = Buffer.from(hash).toString('hex');
  return join(folder, name.slice(0, 2), name);
}

/** Of the small picture of a picture with that hash. */
export function thumbnailPath(folder: string, hash: Uint8Array): string {
  return `${contentPath(folder, hash)}.webp`;
}
