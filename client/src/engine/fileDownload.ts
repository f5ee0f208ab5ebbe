import type { FileHandle } from 'node:fs/promises';
import { FrameType } from '@rookery/schemas/frameType';
import type { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { DownloadChunk, FileMessage, Uuid } from '@rookery/schemas/messages';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';

const stalledMsMax = 30_000;
const { rangeBytesMax } = fileTransfer;

export interface DownloadJob {
  readonly uploadId: Uuid;
  readonly variant: FileVariant;
  /** Of that variant. */
  readonly sizeBytes: number;
  readonly file: FileHandle;
  /** Bytes that the file has already, from its beginning. Moved on as bytes are written. */
  doneBytes: number;
  readonly onProgress: (doneBytes: number) => void;
}

/**
 * Takes what a file is missing on one connection, a range after another: what has not been written
 * yet is one range at most.
 *
 * @throws ClientError as uploadOn(), and `outputUnwritable`.
 */
export async function downloadOn(bulk: BulkPath, job: DownloadJob): Promise<void> {
  for (let downloadId = 1; job.doneBytes < job.sizeBytes; downloadId++) {
    await new RangeReceiver(bulk, downloadId, job).receive();
  }
}

/** Takes one range and writes it, in order. */
class RangeReceiver {
  private readonly chunks: DownloadChunk[] = [];
  private failure: ClientError | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly bulk: BulkPath,
    private readonly downloadId: number,
    private readonly job: DownloadJob,
  ) {}

  async receive(): Promise<void> {
    const { job, downloadId } = this;
    const { uploadId, variant, doneBytes: offset } = job;
    const length = Math.min(rangeBytesMax, job.sizeBytes - offset);
    const stop = this.bulk.listen({
      onMessage: (message) => this.onMessage(message),
      onLost: (reason) => this.fail(reason),
    });
    try {
      const asked = { downloadId, uploadId, variant, offset, length };
      await this.bulk.ask({ type: FrameType.DownloadRange, ...asked });
      while (job.doneBytes < offset + length) {
        await this.untilNews();
        for (const chunk of this.chunks.splice(0)) await this.write(chunk);
      }
    } finally {
      stop();
    }
  }

  private onMessage(message: FileMessage): void {
    if (message.type === FrameType.DownloadChunk && message.downloadId === this.downloadId) {
      this.chunks.push(message);
      this.wake();
    }
    if (message.type === FrameType.TransferFailed && message.downloadId === this.downloadId) {
      this.fail(new ClientError('commandRefused', message.message));
    }
  }

  private fail(reason: ClientError): void {
    this.failure ??= reason;
    this.wake();
  }

  private async write({ offset, bytes }: DownloadChunk): Promise<void> {
    const { job } = this;
    if (offset !== job.doneBytes || offset + bytes.length > job.sizeBytes) {
      throw new ClientError('protocolViolation', 'the server sent bytes that nobody asked for');
    }
    try {
      await job.file.write(bytes, 0, bytes.length, offset);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ClientError('outputUnwritable', `cannot write the file: ${reason}`, { cause });
    }
    job.doneBytes += bytes.length;
    job.onProgress(job.doneBytes);
  }

  private async untilNews(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new ClientError('unreachable', 'the server does not go on with the file'));
      }, stalledMsMax);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.failure !== null || this.chunks.length > 0) this.wake();
    });
    if (this.failure !== null) throw this.failure;
  }
}
