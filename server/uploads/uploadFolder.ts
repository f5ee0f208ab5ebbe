import { mkdirSync } from 'node:fs';
import {
  link,
  mkdir,
  open,
  opendir,
  rename,
  rm,
  stat,
  statfs,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Thumbnail, Uuid } from '@rookery/schemas/messages';
import type { UploadRecord } from '../store/uploadRecord.js';
import { contentPath, folderOfUploads, thumbnailPath } from '../store/uploadPaths.js';

const unfinishedName = 'unfinished';
const contentName = /^([0-9a-f]{64})(\.webp)?$/;
const unfinishedNames = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.webp)?$/;

/**
 * The files of uploads in a data directory:
 *
 *     uploads/unfinished/<upload id>      what has come of a file
 *     uploads/ab/abcd….(BLAKE3, hex)      a whole file, which never changes
 *     uploads/ab/abcd….webp               its thumbnail, where it is a picture
 *
 * All methods throw what node:fs throws.
 */
export class UploadFolder {
  readonly path: string;
  readonly #unfinished: string;

  /** Makes what is missing of it. */
  constructor(dataDirectory: string) {
    this.path = folderOfUploads(dataDirectory);
    this.#unfinished = join(this.path, unfinishedName);
    mkdirSync(this.#unfinished, { recursive: true, mode: 0o700 });
  }

  unfinishedPath(uploadId: Uuid): string {
    return join(this.#unfinished, uploadId);
  }

  /** Opens what has come of a file to add to it, and makes it where nothing has. */
  async openUnfinished(uploadId: Uuid): Promise<{ file: FileHandle; sizeBytes: number }> {
    // Not for appending: then the place of a write would be ignored.
    const path = this.unfinishedPath(uploadId);
    const file = await open(path, 'r+').catch((error: unknown) => {
      if (isAbsent(error)) return open(path, 'wx+', 0o600);
      throw error;
    });
    return { file, sizeBytes: (await file.stat()).size };
  }

  async removeUnfinished(uploadId: Uuid): Promise<void> {
    await rm(this.unfinishedPath(uploadId), { force: true });
    await rm(this.unfinishedThumbnailPath(uploadId), { force: true });
  }

  contentPath(hash: Uint8Array): string {
    return contentPath(this.path, hash);
  }

  thumbnailPath(hash: Uint8Array): string {
    return thumbnailPath(this.path, hash);
  }

  /** Where the thumbnail of a file is written before the file is kept. */
  unfinishedThumbnailPath(uploadId: Uuid): string {
    return `${this.unfinishedPath(uploadId)}.webp`;
  }

  /**
   * Gives a whole file, and the thumbnail that may be there, its place. The disk has both, and
   * their names last. What came stays where it is, too, until removeUnfinished(): whoever ends
   * before the upload is known to be finished lost nothing of it.
   */
  async keep(
    { uploadId, hash, sizeBytes }: UploadRecord,
    thumbnail: Thumbnail | null,
  ): Promise<void> {
    const path = this.contentPath(hash);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    if (thumbnail !== null) {
      await rename(this.unfinishedThumbnailPath(uploadId), this.thumbnailPath(hash));
    }
    if (!(await this.hasContent(hash, sizeBytes))) {
      // What a fault of the disk may have left.
      await rm(path, { force: true });
      await linkOrMove(this.unfinishedPath(uploadId), path);
    }
    await syncFolder(join(path, '..'));
    await syncFolder(this.path);
  }

  async removeContent(hash: Uint8Array): Promise<void> {
    await rm(this.contentPath(hash), { force: true });
    await rm(this.thumbnailPath(hash), { force: true });
  }

  /** Whether the content is there, as long as it should be. */
  async hasContent(hash: Uint8Array, sizeBytes: number): Promise<boolean> {
    try {
      return (await stat(this.contentPath(hash))).size === sizeBytes;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** @returns bytes that the disk has for us; more than there are where it does not say */
  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.path);
      return bavail * bsize;
    } catch {
      return Infinity;
    }
  }

  /** The hash of every content that is there, or whose thumbnail is; then twice. */
  async *contents(): AsyncGenerator<Uint8Array> {
    for await (const folder of await opendir(this.path)) {
      if (!/^[0-9a-f]{2}$/.test(folder.name)) continue;
      for await (const { name } of await opendir(join(this.path, folder.name))) {
        const hash = contentName.exec(name)?.[1];
        if (hash !== undefined) yield new Uint8Array(Buffer.from(hash, 'hex'));
      }
    }
  }

  /** The name of everything that has come of files: upload ids, and what is left of a crash. */
  async *unfinished(): AsyncGenerator<string> {
    for await (const { name } of await opendir(this.#unfinished)) yield name;
  }

  /** @param name as unfinished() gives it */
  async removeStray(name: string): Promise<void> {
    await rm(join(this.#unfinished, name), { force: true, recursive: true });
  }
}

/** @returns the id of the upload that such a file belongs to, if it belongs to one */
export function uploadOfUnfinished(name: string): Uuid | null {
  return unfinishedNames.exec(name)?.[1] ?? null;
}

/** Where the file system has no second names for a file, it gets the new one alone. */
async function linkOrMove(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await rename(from, to);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Makes names in a folder last. Windows opens no folders, and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
