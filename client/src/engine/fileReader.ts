import { ContentHasher } from '@rookery/schemas/contentHash';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { FileFacts } from '@rookery/schemas/messages';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';
import { FileRange, type RangeWatch } from './fileRange.js';
import type { WorkSlots } from './workSlots.js';

export interface FileReaderOptions {
  readonly facts: FileFacts;
  readonly variant: FileVariant;
  /** Of that variant. */
  readonly sizeBytes: number;
  /** Ranges that may be under way. */
  readonly slots: WorkSlots;
  readonly watch: RangeWatch;
  /** Works on a connection, and again on the next where it was lost. */
  readonly overConnections: <T>(work: (bulk: BulkPath) => Promise<T>) => Promise<T>;
}

/**
 * Reads a file of the server from its beginning to its end, a piece at a time: nothing is asked for
 * that is not read. Memory: one piece.
 */
export class FileReader {
  private hasher: ContentHasher | null;
  private readBytes = 0;

  constructor(private readonly options: FileReaderOptions) {
    this.hasher = options.variant === FileVariant.Original ? new ContentHasher() : null;
  }

  /**
   * @returns the next piece, or null at the end: then all of it was what its hash says
   * @throws ClientError as FileTransfers.download()
   */
  async read(): Promise<Uint8Array<ArrayBuffer> | null> {
    const { facts, variant, sizeBytes, slots, watch, overConnections } = this.options;
    const { readBytes } = this;
    if (readBytes === sizeBytes) {
      this.checkHash();
      return null;
    }
    const length = Math.min(fileTransfer.rangeBytesMax, sizeBytes - readBytes);
    const onProgress = (doneBytes: number): void => watch.onProgress(readBytes + doneBytes);
    const bytes = await slots.use(watch.signal, (downloadId) => {
      const query = { downloadId, uploadId: facts.uploadId, variant, offset: readBytes, length };
      const range = new FileRange(query);
      return overConnections((bulk) => range.fetchOn(bulk, { signal: watch.signal, onProgress }));
    });
    this.readBytes += bytes.length;
    this.hasher?.update(bytes);
    return bytes;
  }

  /** To be called at last, also where it was not read to its end. */
  close(): void {
    this.hasher?.discard();
    this.hasher = null;
  }

  private checkHash(): void {
    const hash = this.hasher?.finish();
    this.hasher = null;
    if (hash === undefined || Buffer.compare(hash, this.options.facts.hash) === 0) return;
    throw new ClientError('protocolViolation', 'the server sent another file than it said');
  }
}
