import { normaliseFileName } from '@rookery/schemas/fileName';
import { ClientError } from '../engine/clientError.js';
import type { FileSource } from '../engine/fileSource.js';

/** What a window is asked for of a file that it has. */
export interface PieceWish {
  readonly offset: number;
  readonly length: number;
}

/** Less than a message of a page may have, and enough that the way there and back is short. */
export const pieceBytesMax = 524_288;

/**
 * A file that only a window can read: it is asked for pieces, one at a time, and gives each. A
 * piece may be asked for again, as a connection may be lost. Memory: one piece.
 *
 *     engine ──read()──► wish ──wanted()──► window ──give()──► piece ──► engine
 */
export class WindowSource implements FileSource {
  readonly name: string;
  private offset = 0;
  private piece = new Uint8Array(0);
  private wish: PieceWish | null = null;
  /** Those who wait for the window, and for the engine. */
  private onPiece: (() => void) | null = null;
  private onWish: ((wish: PieceWish) => void) | null = null;
  private fault: ClientError | null = null;

  constructor(
    name: string,
    readonly sizeBytes: number,
  ) {
    this.name = normaliseFileName(name);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    const isHere = offset >= this.offset && end <= this.offset + this.piece.length;
    if (!isHere && this.fault === null) await this.fetch(offset);
    if (this.fault !== null) throw this.fault;
    return this.piece.subarray(offset - this.offset, end - this.offset);
  }

  close(): Promise<void> {
    this.fail('the window is gone that had the file: send it again');
    this.piece = new Uint8Array(0);
    return Promise.resolve();
  }

  /** @returns the next piece that the window is to give; never, where no more is wanted */
  wanted(): Promise<PieceWish> {
    const { wish } = this;
    if (wish !== null) return Promise.resolve(wish);
    return new Promise((resolve) => {
      this.onWish = resolve;
    });
  }

  /** The piece that was wanted. One of another length fails the whole: the file was changed. */
  give(bytes: Uint8Array): void {
    const { wish } = this;
    if (wish === null) return;
    if (bytes.length === wish.length) {
      this.offset = wish.offset;
      this.piece = new Uint8Array(bytes);
      this.wish = null;
      this.onPiece?.();
    } else this.fail(`${this.name} is not as long as it was: send it again`);
  }

  private async fetch(offset: number): Promise<void> {
    const wish = { offset, length: Math.min(pieceBytesMax, this.sizeBytes - offset) };
    this.wish = wish;
    await new Promise<void>((resolve) => {
      this.onPiece = resolve;
      this.onWish?.(wish);
      this.onWish = null;
    });
  }

  private fail(message: string): void {
    this.fault ??= new ClientError('fileUnreadable', message);
    this.wish = null;
    this.onPiece?.();
  }
}
