import { open, type FileHandle } from 'node:fs/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import type { DownloadRange, Message } from '@rookery/schemas/messages';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { CommandResult } from '../command/commandContext.js';
import type { Session } from '../session/connection.js';
import { refusal } from '../state/outcome.js';
import type { UploadRecord } from '../store/uploadRecord.js';
import { diskRefusal } from './diskFault.js';
import type { FileAccess } from './fileAccess.js';
import type { FileSurroundings } from './fileDesk.js';
import type { UploadFolder } from './uploadFolder.js';
import { noSuchFile } from './uploadRefusals.js';

/** A client's connection, as files are sent on it; see session/connection.ts. */
export interface BulkLine {
  sendBulk(frame: Uint8Array): boolean;
  readonly isBulkBusy: boolean;
  onBulkDrained: () => void;
  sendControl(message: Message): void;
}

export interface DownloadsOptions {
  readonly access: FileAccess;
  readonly folder: UploadFolder;
  readonly around: () => Pick<FileSurroundings, 'lineOf' | 'wake'>;
}

/** Bytes of a file that are still to be sent. */
interface Range {
  readonly downloadId: number;
  readonly file: FileHandle;
  offset: number;
  missingBytes: number;
}

const noSuchDownload = refusal(ErrorCode.NoSuchFile, 'There is no such download under way.');
const tooManyRanges = refusal(
  ErrorCode.LimitReached,
  'Too many downloads are under way. Wait until one of them has ended.',
);

/** Sends files to clients, a range at a time. */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #lines = new WeakMap<BulkLine, LineDownloads>();

  constructor(options: DownloadsOptions) {
    this.#options = options;
  }

  /** The bytes follow the result. */
  async start(session: Session, asked: DownloadRange): Promise<CommandResult> {
    const { access, around } = this.#options;
    const upload = access.toRead(asked.uploadId, session);
    if ('refused' in upload) return upload;
    const { rangeBytesMax, rangesMax } = fileTransfer;
    if (asked.length === 0 || asked.length > rangeBytesMax) {
      const text = `length is ${asked.length}, not 1 to ${rangeBytesMax}. Ask for the rest later.`;
      return refusal(ErrorCode.InvalidField, text);
    }
    const source = this.#sourceOf(upload, asked.variant);
    if (source === null) return noSuchFile;
    if (asked.offset >= source.sizeBytes) {
      const text = `offset is ${asked.offset}; the file has ${source.sizeBytes} bytes.`;
      return refusal(ErrorCode.InvalidField, text);
    }
    const line = around().lineOf(session.token);
    if (line === null) return noSuchFile;
    const downloads = this.#lines.get(line) ?? new LineDownloads(line, around().wake);
    this.#lines.set(line, downloads);
    if (downloads.count >= rangesMax || downloads.has(asked.downloadId)) return tooManyRanges;
    const { downloadId, offset } = asked;
    const missingBytes = Math.min(asked.length, source.sizeBytes - offset);
    return downloads.open(source.path, { downloadId, offset, missingBytes });
  }

  cancel({ token }: Session, downloadId: number): CommandResult {
    const line = this.#options.around().lineOf(token);
    const downloads = line === null ? undefined : this.#lines.get(line);
    const wasThere = downloads?.cancel(downloadId) ?? false;
    return wasThere ? { refused: false, createdId: null, listId: 0 } : noSuchDownload;
  }

  #sourceOf(
    { hash, sizeBytes, finished }: UploadRecord,
    variant: FileVariant,
  ): { readonly path: string; readonly sizeBytes: number } | null {
    const { folder } = this.#options;
    if (variant === FileVariant.Original) return { path: folder.contentPath(hash), sizeBytes };
    const thumbnail = finished?.thumbnail ?? null;
    if (thumbnail === null) return null;
    return { path: folder.thumbnailPath(hash), sizeBytes: thumbnail.sizeBytes };
  }
}

/**
 * What is sent to one client: a piece of each range in turn, and the next only when the stream has
 * taken the one before. So a client that reads slowly costs one piece of memory.
 */
class LineDownloads {
  readonly #line: BulkLine;
  readonly #wake: () => void;
  readonly #ranges: Range[] = [];
  /** Ranges whose file is being opened, and all others; by the client's number. */
  readonly #wanted = new Set<number>();
  #isSending = false;

  constructor(line: BulkLine, wake: () => void) {
    this.#line = line;
    this.#wake = wake;
  }

  get count(): number {
    return this.#wanted.size;
  }

  has(downloadId: number): boolean {
    return this.#wanted.has(downloadId);
  }

  async open(path: string, range: Omit<Range, 'file'>): Promise<CommandResult> {
    this.#wanted.add(range.downloadId);
    try {
      this.#ranges.push({ ...range, file: await open(path, 'r') });
    } catch (cause) {
      this.#wanted.delete(range.downloadId);
      return diskRefusal(cause);
    }
    if (!this.#isSending) void this.#send();
    return { refused: false, createdId: null, listId: 0 };
  }

  cancel(downloadId: number): boolean {
    return this.#wanted.delete(downloadId);
  }

  /** Never rejects. */
  async #send(): Promise<void> {
    this.#isSending = true;
    for (let range = this.#ranges.shift(); range !== undefined; range = this.#ranges.shift()) {
      const isOver = !this.#wanted.has(range.downloadId) || !(await this.#sendPiece(range));
      if (!isOver && range.missingBytes > 0) {
        this.#ranges.push(range);
        continue;
      }
      this.#wanted.delete(range.downloadId);
      await range.file.close().catch(() => undefined);
    }
    this.#isSending = false;
  }

  /** @returns false when nothing more of the range can be sent */
  async #sendPiece(range: Range): Promise<boolean> {
    const { downloadId, file, offset } = range;
    const buffer = new Uint8Array(Math.min(range.missingBytes, fileTransfer.chunkBytesMax));
    try {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) throw new Error('the file is shorter than it was');
      await this.#untilIdle();
      const bytes = buffer.subarray(0, bytesRead);
      const chunk = { type: FrameType.DownloadChunk, downloadId, offset, bytes } as const;
      const isSent = this.#line.sendBulk(encodeMessage(chunk));
      this.#wake();
      range.offset += bytesRead;
      range.missingBytes -= bytesRead;
      return isSent;
    } catch (cause) {
      const { code, message } = diskRefusal(cause);
      const failed = { type: FrameType.TransferFailed, uploadId: null, downloadId } as const;
      this.#line.sendControl({ ...failed, code, message });
      this.#wake();
      return false;
    }
  }

  async #untilIdle(): Promise<void> {
    while (this.#line.isBulkBusy) {
      await new Promise<void>((resolve) => {
        this.#line.onBulkDrained = resolve;
      });
    }
  }
}
