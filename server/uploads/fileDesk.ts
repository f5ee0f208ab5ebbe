import type { Uuid } from '@rookery/schemas/messages';
import type { Logger } from 'pino';
import type { CommandResult } from '../command/commandContext.js';
import type { Session } from '../session/connection.js';
import type { Store } from '../store/store.js';
import type { UploadRecord } from '../store/uploadRecord.js';
import type { TextPlaces } from '../text/textPlaces.js';
import type { UploadLimits } from '../uploadLimits.js';
import { Attachments } from './attachments.js';
import { Downloads, type BulkLine } from './downloads.js';
import { FileAccess } from './fileAccess.js';
import { FileCheck } from './fileCheck.js';
import { fileInfoOf } from './fileInfo.js';
import { KeyedTurns } from './keyedTurns.js';
import { Thumbnailer } from './thumbnailer.js';
import { UploadDesk } from './uploadDesk.js';
import { UploadFolder } from './uploadFolder.js';
import { noSuchFile } from './uploadRefusals.js';
import { UploadSweep } from './uploadSweep.js';
import { UploadUsage } from './uploadUsage.js';

export interface FileDeskOptions {
  readonly dataDirectory: string;
  readonly store: Pick<Store, 'uploads' | 'messages'>;
  readonly limits: UploadLimits;
  readonly log: Logger;
}

/** Whom files are for, and the ways to them. */
export interface FileSurroundings {
  readonly places: TextPlaces;
  /** The connection of a session; null where it is gone. */
  readonly lineOf: (sessionToken: number) => BulkLine | null;
  /** Called when something was sent outside of a QUIC event. */
  readonly wake: () => void;
}

/** Everything about files: what comes in, goes out, and is not kept any more. Main thread. */
export class FileDesk {
  readonly uploads: UploadDesk;
  readonly downloads: Downloads;
  readonly sweeping: UploadSweep;
  /** Which files a message may show. */
  readonly attachments: Attachments;
  readonly #store: FileDeskOptions['store'];
  readonly #access: FileAccess;
  readonly #check: FileCheck;
  readonly #thumbnailer: Thumbnailer;
  readonly #usage: UploadUsage;
  #around: FileSurroundings | null = null;

  constructor({ dataDirectory, store, limits, log }: FileDeskOptions) {
    const { uploads, messages } = store;
    this.#store = store;
    const folder = new UploadFolder(dataDirectory);
    const turns = new KeyedTurns();
    const around = (): FileSurroundings => this.#knownSurroundings();
    const places = (): TextPlaces => around().places;
    const wallClockMs = (): number => Date.now();
    const access = new FileAccess({ uploads, messages, places });
    const usage = new UploadUsage(limits);
    const check = new FileCheck(limits);
    const thumbnailer = new Thumbnailer(limits.thumbnails);
    const both = { uploads, folder, limits, usage, turns, wallClockMs };
    const desk = new UploadDesk({ ...both, places, check, thumbnailer });
    this.#access = access;
    this.#check = check;
    this.#thumbnailer = thumbnailer;
    this.#usage = usage;
    this.uploads = desk;
    this.attachments = new Attachments(uploads);
    this.downloads = new Downloads({ access, folder, around });
    const onFault = (error: unknown): void =>
      log.warn({ err: error }, 'a file that is not kept could not be removed');
    this.sweeping = new UploadSweep({ ...both, access, desk, onFault });
    this.#readIndex(limits.sweepPageMax);
    this.sweeping.start();
  }

  /** Of all users, as quotas count. */
  get keptBytes(): number {
    return this.#usage.bytes;
  }

  /** To be called before anybody comes. */
  open(around: FileSurroundings): void {
    this.#around = around;
  }

  /** What the session may know of a file. */
  info(session: Session, uploadId: Uuid): CommandResult {
    const upload = this.#access.toRead(uploadId, session);
    if ('refused' in upload) return upload;
    const answer = fileInfoOf(upload);
    return answer === null ? noSuchFile : { refused: false, answer };
  }

  /** A file that somebody uploaded to a place; null where it is not there, or not yet. */
  inPlace(placeId: Uuid, uploadId: Uuid): UploadRecord | null {
    const upload = this.#store.uploads.find(uploadId);
    return upload?.placeId === placeId && upload.finished !== null ? upload : null;
  }

  /** The user is gone: what is under way waits for the next time. */
  release(userId: Uuid): void {
    // It rejects for nothing: every file is closed whatever became of it.
    void this.uploads.release(userId);
  }

  async close(): Promise<void> {
    await this.sweeping.close();
    await this.#thumbnailer.close();
    await this.uploads.close();
    await this.#check.close();
  }

  #knownSurroundings(): FileSurroundings {
    if (this.#around === null) throw new Error('files were asked for before open()');
    return this.#around;
  }

  #readIndex(pageMax: number): void {
    const { uploads } = this.#store;
    let page: readonly UploadRecord[] = uploads.page(null, pageMax);
    while (page.length > 0) {
      for (const upload of page) {
        this.#usage.add(upload);
        if (upload.finished === null) this.uploads.remember(upload);
      }
      page = uploads.page(page.at(-1)!.uploadId, pageMax);
    }
  }
}
