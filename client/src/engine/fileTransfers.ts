import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { normaliseFileName } from '@rookery/schemas/fileName';
import { FrameType } from '@rookery/schemas/frameType';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { FileFacts, Uuid } from '@rookery/schemas/messages';
import { fileTransfer } from '@rookery/schemas/protocol';
import type { BulkPath } from './bulkPath.js';
import { ClientError } from './clientError.js';
import type { Connection } from './connection.js';
import type { State, StateListener } from './engineState.js';
import { FileReader } from './fileReader.js';
import { hashOf, openFileSource, type FileSource, type FileToSend } from './fileSource.js';
import { uploadOn } from './fileUpload.js';
import { notConnected, passingFaults } from './sessionFaults.js';
import { TransferBook, type OngoingTransfer } from './transferBook.js';
import { WorkSlots } from './workSlots.js';

/** What transfers need of the session keeper. */
export interface TransferSession {
  readonly state: State;
  readonly connection: Pick<Connection, 'bulk'> | null;
  subscribe(listener: StateListener): () => void;
  update(change: Partial<State>): void;
}

/** @param doneBytes that the other side has, of all. */
export type ProgressListener = (doneBytes: number, sizeBytes: number) => void;

/** An upload that was begun. */
export interface Upload {
  /** Names it in the State, and for cancel(). */
  readonly transferId: number;
  /** What the server knows of it in the end. Rejects as FileTransfers.upload(). */
  readonly facts: Promise<FileFacts>;
}

/** Ends nothing. */
const neverAborted = new AbortController().signal;

/** Questions for facts at a time: a server takes few on this stream that are not answered. */
const questionsMax = 2;
/** One less than may be: the end of one that was given up is on its way for a while. */
const rangesMax = fileTransfer.rangesMax - 1;

/**
 * Files that come and go, also over lost connections: each goes on where it was. One file is sent
 * at a time, and the others wait; State tells how far each is.
 */
export class FileTransfers {
  private readonly book: TransferBook;
  private readonly uploads = new WorkSlots(1);
  private readonly questions = new WorkSlots(questionsMax);
  private readonly ranges = new WorkSlots(rangesMax);

  constructor(private readonly session: TransferSession) {
    this.book = new TransferBook(session);
  }

  /**
   * Sends a file for a message in a room or a talk.
   *
   * @returns what the server knows of it; its `uploadId` is what a message names.
   * @throws ClientError `fileUnreadable`, `commandRefused` with the server's words, `cancelled`,
   *   `disconnected`, `unreachable`.
   */
  async upload(placeId: Uuid, file: FileToSend, onProgress?: ProgressListener): Promise<FileFacts> {
    return await this.begin(placeId, await openFileSource(file), onProgress).facts;
  }

  /** As upload(), of a source that is closed when it is over; others may be sent before it. */
  begin(placeId: Uuid, source: FileSource, onProgress?: ProgressListener): Upload {
    const { name, sizeBytes } = source;
    const transfer = this.book.begin({ direction: 'upload', phase: 'waiting', name, sizeBytes });
    const { transferId, signal } = transfer;
    const told = toldBoth(transfer, sizeBytes, onProgress);
    const facts = this.uploads
      .use(signal, async () => {
        transfer.enter('preparing');
        const hash = await hashOf(source, { signal, onProgress: transfer.progress });
        transfer.enter('moving');
        const job = { placeId, source, hash, signal, onProgress: told };
        return cleaned(await this.overConnections(signal, (bulk) => uploadOn(bulk, job)));
      })
      .finally(() => {
        transfer.end();
        return source.close();
      });
    return { transferId, facts };
  }

  /** Ends a transfer, which rejects with `cancelled`; one that is over stays as it is. */
  cancel(transferId: number): void {
    this.book.cancel(transferId);
  }

  /** What the server knows of a file. Its name can be one here. @throws ClientError as upload() */
  info(uploadId: Uuid): Promise<FileFacts> {
    const ask = async (bulk: BulkPath): Promise<FileFacts> => {
      const info = await bulk.ask({ type: FrameType.ReadFile, uploadId });
      if (info.type === FrameType.FileInfo) return cleaned(info);
      throw new ClientError('protocolViolation', 'the server told nothing of the file');
    };
    return this.questions.use(neverAborted, () => this.overConnections(neverAborted, ask));
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

  /** Opens a file of the server for reading: to be closed. @throws ClientError as download(). */
  async openReader(
    uploadId: Uuid,
    variant: FileVariant,
    onProgress?: ProgressListener,
  ): Promise<OpenFile> {
    const facts = await this.info(uploadId);
    const sizeBytes = sizeOf(facts, variant);
    const { name } = facts;
    const transfer = this.book.begin({ direction: 'download', phase: 'moving', name, sizeBytes });
    const { transferId, signal } = transfer;
    const reader = new FileReader({
      ...{ facts, variant, sizeBytes },
      slots: this.ranges,
      watch: { signal, onProgress: toldBoth(transfer, sizeBytes, onProgress) },
      overConnections: (work) => this.overConnections(signal, work),
    });
    const close = (): void => {
      transfer.end();
      reader.close();
    };
    return { transferId, facts, sizeBytes, read: () => reader.read(), close };
  }

  private async fetch(
    uploadId: Uuid,
    variant: FileVariant,
    path: string,
    onProgress?: ProgressListener,
  ): Promise<FileFacts> {
    const reader = await this.openReader(uploadId, variant, onProgress);
    const unfinished = `${path}.unfinished`;
    try {
      const file = await open(unfinished, 'w').catch((cause: unknown) => {
        throw unwritable(path, cause);
      });
      await copyTo(file, path, reader).finally(() => file.close());
      await rename(unfinished, path).catch((cause: unknown) => {
        throw unwritable(path, cause);
      });
      return reader.facts;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    } finally {
      reader.close();
    }
  }

  /** Works on a connection, and again on the next where it was lost. */
  private async overConnections<T>(
    signal: AbortSignal,
    work: (bulk: BulkPath) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const connection = await this.connected(signal);
      try {
        return await work(connection.bulk);
      } catch (error) {
        const isPassing = error instanceof ClientError && passingFaults.has(error.code);
        if (!isPassing || this.session.connection === connection) throw error;
      }
    }
  }

  /** Resolves once there is a session; rejects when none is tried for. */
  private async connected(signal: AbortSignal): Promise<Pick<Connection, 'bulk'>> {
    const present = this.presentConnection();
    if (present !== null) return present;
    let release: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort);
        const unsubscribe = this.session.subscribe(() => {
          const outcome = this.presentConnection();
          if (outcome !== null) resolve(outcome);
        });
        release = () => {
          unsubscribe();
          signal.removeEventListener('abort', onAbort);
        };
      });
    } finally {
      release();
    }
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

/** A file of the server that is read. */
export interface OpenFile extends Pick<FileReader, 'read' | 'close'> {
  readonly transferId: number;
  readonly facts: FileFacts;
  /** Of the variant that is read. */
  readonly sizeBytes: number;
}

async function copyTo(file: FileHandle, path: string, reader: OpenFile): Promise<void> {
  for (let bytes = await reader.read(); bytes !== null; bytes = await reader.read()) {
    await file.writeFile(bytes).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
  }
}

function toldBoth(
  { progress }: OngoingTransfer,
  sizeBytes: number,
  onProgress: ProgressListener = () => undefined,
): (doneBytes: number) => void {
  return (doneBytes) => {
    progress(doneBytes);
    onProgress(doneBytes, sizeBytes);
  };
}

/** A server cleans names too; one that does not must not choose where a file goes. */
function cleaned(facts: FileFacts): FileFacts {
  return { ...facts, name: normaliseFileName(facts.name) };
}

function sizeOf({ name, sizeBytes, thumbnail }: FileFacts, variant: FileVariant): number {
  if (variant === FileVariant.Original) return sizeBytes;
  if (thumbnail !== null) return thumbnail.sizeBytes;
  throw new ClientError('invalidInput', `${name} has no thumbnail: fetch the file itself`);
}

function unwritable(path: string, cause: unknown): ClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError('outputUnwritable', `cannot write ${path}: ${reason}`, { cause });
}
