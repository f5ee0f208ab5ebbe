import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { FileFacts, Uuid } from '@rookery/schemas/messages';
import { z } from 'zod';
import { ClientError } from '../engine/clientError.js';
import type { FileTransfers, OpenFile, Upload } from '../engine/fileTransfers.js';
import { WindowSource, type PieceWish } from './windowSource.js';

/** A file that a window has and the server is to get. */
const uploadWish = z.object({
  placeId: z.string().length(36),
  name: z.string().max(1_024),
  sizeBytes: z.int().positive(),
});

export type UploadWish = Readonly<z.infer<typeof uploadWish>>;

/** A file of the server that a window reads. */
export type WindowDownload = Pick<OpenFile, 'transferId' | 'facts' | 'sizeBytes'>;

/** What one window may have open; more than its list of files holds, and it bounds the memory. */
const uploadsMax = 64;
const downloadsMax = 16;

interface WindowUpload extends Upload {
  readonly source: WindowSource;
}

/**
 * Files of one window, which has no file system here: bytes come and go in pieces, each asked for
 * when the one before was taken. What the window began ends with it.
 */
export class WindowFiles {
  private readonly uploads = new Map<number, WindowUpload>();
  private readonly downloads = new Map<number, OpenFile>();
  private isClosed = false;

  constructor(private readonly files: Pick<FileTransfers, 'begin' | 'cancel' | 'openReader'>) {}

  /**
   * Begins to send a file of the window; the State shows how far it is.
   *
   * @returns the number of the transfer
   * @throws ClientError `invalidInput`
   */
  beginUpload(wish: UploadWish): number {
    const { placeId, name, sizeBytes } = checkedUpload(wish);
    if (this.uploads.size >= uploadsMax) throw tooMany();
    const source = new WindowSource(name, sizeBytes);
    const upload = this.files.begin(placeId, source);
    // It is told to whoever asks for the next piece.
    upload.facts.catch(() => undefined);
    this.uploads.set(upload.transferId, { ...upload, source });
    return upload.transferId;
  }

  /**
   * Gives the piece that was wanted last, and waits for what is wanted next.
   *
   * @param bytes null before the first
   * @returns the next piece that is wanted, or what the server knows of the file, at the end
   * @throws ClientError as FileTransfers.upload()
   */
  async nextPiece(transferId: number, bytes: Uint8Array | null): Promise<PieceWish | FileFacts> {
    const upload = this.uploads.get(transferId);
    if (upload === undefined) throw notOpen();
    if (bytes instanceof Uint8Array) upload.source.give(bytes);
    try {
      const next = await Promise.race([upload.source.wanted(), upload.facts]);
      if ('uploadId' in next) this.uploads.delete(transferId);
      return next;
    } catch (error) {
      this.uploads.delete(transferId);
      throw error;
    }
  }

  /** Opens a file of the server; to be closed. @throws ClientError as FileTransfers.download() */
  async openDownload(uploadId: Uuid, variant: 'original' | 'thumbnail'): Promise<WindowDownload> {
    if (this.downloads.size >= downloadsMax) throw tooMany();
    const wanted = variant === 'thumbnail' ? FileVariant.Thumbnail : FileVariant.Original;
    const file = await this.files.openReader(uploadId, wanted);
    if (this.isClosed) file.close();
    else this.downloads.set(file.transferId, file);
    const { transferId, facts, sizeBytes } = file;
    return { transferId, facts, sizeBytes };
  }

  /** @returns the next piece, or null at the end: then all of it was what its hash says */
  readDownload(transferId: number): Promise<Uint8Array | null> {
    const file = this.downloads.get(transferId);
    if (file === undefined) throw notOpen();
    return file.read();
  }

  closeDownload(transferId: number): void {
    this.downloads.get(transferId)?.close();
    this.downloads.delete(transferId);
  }

  /** Ends a transfer, whichever window began it. */
  cancelTransfer(transferId: number): void {
    this.files.cancel(transferId);
  }

  /** The window is gone. */
  close(): void {
    this.isClosed = true;
    for (const transferId of [...this.uploads.keys(), ...this.downloads.keys()]) {
      this.files.cancel(transferId);
      this.closeDownload(transferId);
    }
    this.uploads.clear();
  }
}

/** @throws ClientError `invalidInput` */
function checkedUpload(wish: unknown): UploadWish {
  const result = uploadWish.safeParse(wish);
  if (result.success) return result.data;
  throw new ClientError('invalidInput', z.prettifyError(result.error));
}

function tooMany(): ClientError {
  const text = 'this window has too many files under way: wait until some of them are done';
  return new ClientError('invalidInput', text);
}

function notOpen(): ClientError {
  return new ClientError('invalidInput', 'this file is not under way any more: begin again');
}
