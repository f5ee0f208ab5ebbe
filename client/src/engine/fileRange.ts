import { FrameType } from '@rookery/schemas/frameType';
import type { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { DownloadChunk, FileMessage, TransferFailed, Uuid } from '@rookery/schemas/messages';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';

const stalledMsMax = 30_000;

/** What of a file is asked for. */
export interface RangeQuery {
  /** Of no other range that is under way. */
  readonly downloadId: number;
  readonly uploadId: Uuid;
  readonly variant: FileVariant;
  readonly offset: number;
  /** 1 … `fileTransfer.rangeBytesMax`. */
  readonly length: number;
}

/** Who follows a range, and may end it. */
export interface RangeWatch {
  readonly signal: AbortSignal;
  /** @param doneBytes of the range */
  readonly onProgress: (doneBytes: number) => void;
}

/**
 * Bytes of a file, which may come over several connections: what has come stays. Memory: the range.
 */
export class FileRange {
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private doneBytes = 0;

  constructor(private readonly query: RangeQuery) {
    this.bytes = new Uint8Array(query.length);
  }

  /**
   * Fetches on one connection what is missing.
   *
   * @throws ClientError as uploadOn(); where the signal was given, its reason
   */
  async fetchOn(bulk: BulkPath, watch: RangeWatch): Promise<Uint8Array<ArrayBuffer>> {
    const { signal } = watch;
    signal.throwIfAborted();
    let release: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        release = this.follow(bulk, watch, { resolve, reject });
        this.ask(bulk).catch(reject);
      });
      return this.bytes;
    } catch (error) {
      if (signal.aborted) this.giveUp(bulk);
      throw error;
    } finally {
      release();
    }
  }

  private ask(bulk: BulkPath): Promise<unknown> {
    const { query, bytes, doneBytes } = this;
    const missing = { offset: query.offset + doneBytes, length: bytes.length - doneBytes };
    return bulk.ask({ ...query, ...missing, type: FrameType.DownloadRange });
  }

  /** @returns ends it */
  private follow(
    bulk: BulkPath,
    { signal, onProgress }: RangeWatch,
    { resolve, reject }: { resolve: () => void; reject: (reason: Error) => void },
  ): () => void {
    const stall = (): NodeJS.Timeout => setTimeout(() => reject(stalled()), stalledMsMax);
    let timer = stall();
    const onMessage = (message: FileMessage): void => {
      if (!this.isAbout(message)) return;
      clearTimeout(timer);
      timer = stall();
      const fault = this.take(message);
      if (fault !== null) reject(fault);
      onProgress(this.doneBytes);
      if (this.doneBytes === this.bytes.length) resolve();
    };
    const onAbort = (): void => reject(signal.reason as Error);
    const stop = bulk.listen({ onMessage, onLost: reject });
    signal.addEventListener('abort', onAbort);
    return () => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  }

  private isAbout(message: FileMessage): message is DownloadChunk | TransferFailed {
    const { type } = message;
    const isOfDownload = type === FrameType.DownloadChunk || type === FrameType.TransferFailed;
    return isOfDownload && message.downloadId === this.query.downloadId;
  }

  /** @returns what is wrong, if anything is */
  private take(message: DownloadChunk | TransferFailed): ClientError | null {
    return message.type === FrameType.DownloadChunk
      ? this.put(message)
      : new ClientError('commandRefused', message.message);
  }

  private put({ offset, bytes }: DownloadChunk): ClientError | null {
    const at = offset - this.query.offset;
    if (at !== this.doneBytes || at + bytes.length > this.bytes.length) {
      return new ClientError('protocolViolation', 'the server sent bytes that nobody asked for');
    }
    this.bytes.set(bytes, at);
    this.doneBytes += bytes.length;
    return null;
  }

  private giveUp(bulk: BulkPath): void {
    const { downloadId } = this.query;
    // It may have been sent whole meanwhile, or the connection is gone.
    bulk.ask({ type: FrameType.DownloadCancel, downloadId }).catch(() => undefined);
  }
}

function stalled(): ClientError {
  return new ClientError('unreachable', 'the server does not go on with the file; try again');
}
