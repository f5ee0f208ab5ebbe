import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { ContentHasher } from '@rookery/schemas/contentHash';
import { normaliseFileName } from '@rookery/schemas/fileName';
import { ClientError } from './clientError.js';

/** A file to send: one on the disk, or bytes with a name. */
export type FileToSend =
  { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array };

/** Who follows the reading of a file, and may end it. */
export interface ReadWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number) => void;
}

/** Bytes that can be read from anywhere in them. */
export interface FileSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** @returns fewer bytes only at the end. @throws ClientError `fileUnreadable`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Between two pieces others have their turn: a tenth of a millisecond each. */
const hashPieceBytes = 65_536;

/** @throws ClientError `fileUnreadable`. */
export async function openFileSource(file: FileToSend): Promise<FileSource> {
  if (!('path' in file)) return sourceOfBytes(file.name, file.bytes);
  const { path } = file;
  try {
    const handle = await open(path, 'r');
    const stats = await handle.stat();
    if (!stats.isFile()) {
      await handle.close();
      throw new Error('it is no file');
    }
    return sourceOfFile(path, handle, stats.size);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @returns BLAKE3, 32 bytes. @throws the reason of the signal, or as read() */
export async function hashOf(
  source: FileSource,
  { signal, onProgress }: ReadWatch,
): Promise<Uint8Array> {
  const hasher = new ContentHasher();
  try {
    for (let at = 0; at < source.sizeBytes; at += hashPieceBytes) {
      signal.throwIfAborted();
      hasher.update(await source.read(at, hashPieceBytes));
      onProgress(Math.min(at + hashPieceBytes, source.sizeBytes));
    }
  } catch (error) {
    hasher.discard();
    throw error;
  }
  return hasher.finish();
}

function sourceOfBytes(name: string, bytes: Uint8Array): FileSource {
  return {
    name: normaliseFileName(name),
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}

function sourceOfFile(path: string, handle: FileHandle, sizeBytes: number): FileSource {
  return {
    name: normaliseFileName(basename(path)),
    sizeBytes,
    read: async (offset, length) => {
      const buffer = new Uint8Array(Math.min(length, sizeBytes - offset));
      try {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        if (bytesRead === buffer.length) return buffer;
      } catch (cause) {
        throw unreadable(path, cause);
      }
      throw unreadable(path, new Error('it is shorter than it was'));
    },
    close: () => handle.close(),
  };
}

function unreadable(path: string, cause: unknown): ClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError('fileUnreadable', `cannot read ${path}: ${reason}`, { cause });
}
