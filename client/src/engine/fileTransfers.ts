import { open, rename, rm } from 'node:fs/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { FileFacts, Uuid } from '@rookery/schemas/messages';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';
import type { Connection } from './connection.js';
import type { State, StateListener, Transfer } from './engineState.js';
import { downloadOn } from './fileDownload.js';
import { hashOf, openFileSource, type FileToSend } from './fileSource.js';
import { uploadOn } from './fileUpload.js';
import { notConnected, passingFaults } from './sessionFaults.js';

/** What transfers need of the session keeper. */
export interface TransferSession {
  readonly state: State;
  readonly connection: Pick<Connection, 'bulk'> | null;
  subscribe(listener: StateListener): () => void;
  update(change: Partial<State>): void;
}

/** @param doneBytes that the other side has, of all. */
export type ProgressListener = (doneBytes: number, sizeBytes: number) => void;

/**
 * Files that come and go, also over lost connections: each goes on where it was. One file is sent
 * at a time; State tells how far each is.
 */
export class FileTransfers {
  private lastUpload: Promise<unknown> = Promise.resolve();
  private lastId = 0;

  constructor(private readonly session: TransferSession) {}

  /**
   * Sends a file for a message in a room or a talk.
   *
   * @returns what the server knows of it; its `uploadId` is what a message names.
   * @throws ClientError `fileUnreadable`, `commandRefused` with the server's words, `disconnected`,
   *   `unreachable`.
   */
  upload(placeId: Uuid, file: FileToSend, onProgress?: ProgressListener): Promise<FileFacts> {
    const uploaded = this.lastUpload.then(() => this.uploadNow(placeId, file, onProgress));
    this.lastUpload = uploaded.catch(() => undefined);
    return uploaded;
  }

  /** What the server knows of a file. @throws ClientError as upload(). */
  info(uploadId: Uuid): Promise<FileFacts> {
    return this.overConnections(async (bulk) => {
      const info = await bulk.ask({ type: FrameType.ReadFile, uploadId });
      if (info.type === FrameType.FileInfo) return info;
      throw new ClientError('protocolViolation', 'the server told nothing of the file');
    });
  }

  /**
   * Fetches a file. It has its name once all of it is there and is what its hash says.
   *
   * @param path where to write it; what was there is replaced.
   * @throws ClientError `outputUnwritable`, or as upload().
   */
  download(uploadId: Uuid, path: string, onProgress?: ProgressListener): Promise<FileFacts> {
    return this.fetch(uploadId, FileVariant.Original, path, onProgress);
  }

  /**
   * Fetches the small WebP picture that the server made of a picture, as download() does. It has no
   * hash of its own to be held to.
   *
   * @throws ClientError `invalidInput` where there is none, or as download().
   */
  downloadThumbnail(
    uploadId: Uuid,
    path: string,
    onProgress?: ProgressListener,
  ): Promise<FileFacts> {
    return this.fetch(uploadId, FileVariant.Thumbnail, path, onProgress);
  }

  private async fetch(
    uploadId: Uuid,
    variant: FileVariant,
    path: string,
    onProgress?: ProgressListener,
  ): Promise<FileFacts> {
    const info = await this.info(uploadId);
    const sizeBytes = sizeOf(info, variant);
    const unfinished = `${path}.unfinished`;
    const file = await open(unfinished, 'w').catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    const transfer = this.begin('download', info.name, sizeBytes, onProgress);
    const { onProgress: told } = transfer;
    const job = { uploadId, variant, sizeBytes, file, doneBytes: 0, onProgress: told };
    try {
      await this.overConnections((bulk) => downloadOn(bulk, job)).finally(() => file.close());
      if (variant === FileVariant.Original) await checkHash(unfinished, info.hash);
      await rename(unfinished, path).catch((cause: unknown) => {
        throw unwritable(path, cause);
      });
      return info;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    } finally {
      transfer.end();
    }
  }

  private async uploadNow(
    placeId: Uuid,
    file: FileToSend,
    onProgress?: ProgressListener,
  ): Promise<FileFacts> {
    const source = await openFileSource(file);
    const transfer = this.begin('upload', source.name, source.sizeBytes, onProgress);
    try {
      const job = { placeId, source, hash: await hashOf(source), onProgress: transfer.onProgress };
      return await this.overConnections((bulk) => uploadOn(bulk, job));
    } finally {
      transfer.end();
      await source.close();
    }
  }

  private begin(
    direction: Transfer['direction'],
    name: string,
    sizeBytes: number,
    onProgress: ProgressListener = () => undefined,
  ): { readonly onProgress: (doneBytes: number) => void; readonly end: () => void } {
    const transferId = ++this.lastId;
    let shownPercent = 0;
    const first: Transfer = { transferId, direction, name, doneBytes: 0, sizeBytes };
    this.session.update({ transfers: [...this.session.state.transfers, first] });
    return {
      onProgress: (doneBytes) => {
        onProgress(doneBytes, sizeBytes);
        // The State changes a hundred times at most, however large the file is.
        const percent = Math.floor((100 * doneBytes) / sizeBytes);
        if (percent === shownPercent) return;
        shownPercent = percent;
        const transfers = this.session.state.transfers.map((transfer) =>
          transfer.transferId === transferId ? { ...transfer, doneBytes } : transfer,
        );
        this.session.update({ transfers });
      },
      end: () => {
        const isOther = (transfer: Transfer): boolean => transfer.transferId !== transferId;
        this.session.update({ transfers: this.session.state.transfers.filter(isOther) });
      },
    };
  }

  /** Works on a connection, and again on the next where it was lost. */
  private async overConnections<T>(work: (bulk: BulkPath) => Promise<T>): Promise<T> {
    for (;;) {
      const connection = await this.connected();
      try {
        return await work(connection.bulk);
      } catch (error) {
        const isPassing = error instanceof ClientError && passingFaults.has(error.code);
        if (!isPassing || this.session.connection === connection) throw error;
      }
    }
  }

  /** Resolves once there is a session; rejects when none is tried for. */
  private connected(): Promise<Pick<Connection, 'bulk'>> {
    const present = this.presentConnection();
    if (present !== null) return present;
    return new Promise((resolve) => {
      const unsubscribe = this.session.subscribe(() => {
        const outcome = this.presentConnection();
        if (outcome === null) return;
        unsubscribe();
        resolve(outcome);
      });
    });
  }

  /** null while it is not known whether there will be one. */
  private presentConnection(): Promise<Pick<Connection, 'bulk'>> | null {
    const { connection, state } = this.session;
    switch (state.connection.phase) {
      case 'connected':
        return connection === null ? null : Promise.resolve(connection);
      case 'idle':
        return Promise.reject(notConnected());
      case 'disconnected': {
        const { code, message } = state.connection.reason;
        return Promise.reject(new ClientError(code, message));
      }
      default:
        return null;
    }
  }
}

function sizeOf({ name, sizeBytes, thumbnail }: FileFacts, variant: FileVariant): number {
  if (variant === FileVariant.Original) return sizeBytes;
  if (thumbnail !== null) return thumbnail.sizeBytes;
  throw new ClientError('invalidInput', `${name} has no thumbnail: fetch the file itself`);
}

/** @throws ClientError `protocolViolation` where the bytes are not what was promised. */
async function checkHash(path: string, hash: Uint8Array): Promise<void> {
  const source = await openFileSource({ path });
  try {
    if (Buffer.compare(await hashOf(source), hash) === 0) return;
  } finally {
    await source.close();
  }
  throw new ClientError('protocolViolation', 'the server sent another file than it said');
}

function unwritable(path: string, cause: unknown): ClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError('outputUnwritable', `cannot write ${path}: ${reason}`, { cause });
}
