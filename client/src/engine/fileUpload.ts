import { FrameType } from '@rookery/schemas/frameType';
import type { FileFacts, FileMessage, Uuid } from '@rookery/schemas/messages';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';
import type { FileSource } from './fileSource.js';

/** The server reads the whole file again, and has the disk say that it has it. */
const completeTimeoutMs = 120_000;
/** A server that writes nothing for so long does not go on. */
const stalledMsMax = 30_000;

const { chunkBytesMax, uploadWindowBytes } = fileTransfer;

export interface UploadJob {
  readonly placeId: Uuid;
  readonly source: FileSource;
  /** BLAKE3, 32 bytes. */
  readonly hash: Uint8Array;
  readonly onProgress: (doneBytes: number) => void;
  /** Ends it; the server forgets what has come. */
  readonly signal: AbortSignal;
}

/**
 * Sends a file on one connection, from where the server has it.
 *
 * @throws ClientError `commandRefused` with the server's words, `disconnected`, `unreachable`,
 *   `fileUnreadable`; the reason of the signal.
 */
export async function uploadOn(bulk: BulkPath, job: UploadJob): Promise<FileFacts> {
  const { placeId, source, hash, signal } = job;
  signal.throwIfAborted();
  const { name, sizeBytes } = source;
  const ack = await bulk.ask({ type: FrameType.UploadStart, placeId, name, sizeBytes, hash });
  if (ack.type !== FrameType.UploadAck) throw outOfPlace();
  const { uploadId, offset } = ack;
  try {
    await new ChunkSender(bulk, uploadId, job).send(offset);
    signal.throwIfAborted();
  } catch (error) {
    // Where the connection is gone the server forgets it by itself, later.
    const cancel = { type: FrameType.UploadCancel, uploadId } as const;
    if (signal.aborted) bulk.ask(cancel).catch(() => undefined);
    throw error;
  }
  const complete = { type: FrameType.UploadComplete, uploadId } as const;
  const info = await bulk.ask(complete, completeTimeoutMs);
  if (info.type !== FrameType.FileInfo) throw outOfPlace();
  return info;
}

/** Keeps as many chunks under way as the server takes. */
class ChunkSender {
  private ackedBytes = 0;
  private failure: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly bulk: BulkPath,
    private readonly uploadId: Uuid,
    private readonly job: UploadJob,
  ) {}

  async send(from: number): Promise<void> {
    const { source, onProgress, signal } = this.job;
    const onAbort = (): void => this.fail(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    const stop = this.bulk.listen({
      onMessage: (message) => this.onMessage(message),
      onLost: (reason) => this.fail(reason),
    });
    try {
      let sentBytes = from;
      this.ackedBytes = from;
      onProgress(from);
      while (this.ackedBytes < source.sizeBytes) {
        while (sentBytes < source.sizeBytes && sentBytes - this.ackedBytes < uploadWindowBytes) {
          const bytes = await source.read(sentBytes, chunkBytesMax);
          if (this.failure !== null) throw this.failure;
          const { uploadId } = this;
          this.bulk.send({ type: FrameType.UploadChunk, uploadId, offset: sentBytes, bytes });
          sentBytes += bytes.length;
        }
        await this.untilNews();
        onProgress(this.ackedBytes);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      stop();
    }
  }

  private onMessage(message: FileMessage): void {
    if (message.type === FrameType.UploadAck && message.uploadId === this.uploadId) {
      this.ackedBytes = message.offset;
      this.wake();
    }
    if (message.type === FrameType.TransferFailed && message.uploadId === this.uploadId) {
      this.fail(new ClientError('commandRefused', message.message));
    }
  }

  private fail(reason: Error): void {
    this.failure ??= reason;
    this.wake();
  }

  private async untilNews(): Promise<void> {
    const before = this.ackedBytes;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(stalled()), stalledMsMax);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      // It may have come while a chunk was read.
      if (this.failure !== null || this.ackedBytes >= this.job.source.sizeBytes) this.wake();
    });
    if (this.failure !== null) throw this.failure;
    if (this.ackedBytes < before) throw outOfPlace();
  }
}

function stalled(): ClientError {
  return new ClientError('unreachable', 'the server does not go on with the file; try again');
}

function outOfPlace(): ClientError {
  return new ClientError('protocolViolation', 'the server gave an answer that makes no sense');
}
