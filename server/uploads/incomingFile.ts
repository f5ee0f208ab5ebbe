import type { FileHandle } from 'node:fs/promises';
import type { UploadRecord } from '../store/uploadRecord.js';

/**
 * A file that comes in: its chunks are written one after another, in the order in which they came.
 * What waits to be written is bounded by how many commands a client may have unanswered.
 */
export class IncomingFile {
  readonly upload: UploadRecord;
  readonly #file: FileHandle;
  /** Bytes that have come. */
  #receivedBytes: number;
  #written: Promise<void> = Promise.resolve();

  /** @param sizeBytes of what the file has already */
  constructor(upload: UploadRecord, file: FileHandle, sizeBytes: number) {
    this.upload = upload;
    this.#file = file;
    this.#receivedBytes = sizeBytes;
  }

  /** Where the next chunk has to begin. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get missingBytes(): number {
    return this.upload.sizeBytes - this.#receivedBytes;
  }

  /**
   * @param chunk the bytes at `receivedBytes`, no more than are missing; not changed afterwards
   * @returns settles once this chunk and all before it are written. Throws what node:fs throws; no
   *   chunk after it is written then.
   */
  write(chunk: Uint8Array): Promise<void> {
    const at = this.#receivedBytes;
    this.#receivedBytes += chunk.length;
    this.#written = this.#written.then(() => this.#writeWhole(chunk, at));
    return this.#written;
  }

  /** Has the disk say that it has all of it. Throws as write(). */
  async sync(): Promise<void> {
    await this.#written;
    await this.#file.sync();
  }

  /** Waits for what is being written, whatever becomes of it. */
  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.close();
  }

  async #writeWhole(chunk: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await this.#file.write(chunk, done, chunk.length - done, at + done);
      done += bytesWritten;
    }
  }
}
