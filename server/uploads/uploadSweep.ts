import type { Uuid } from '@rookery/schemas/messages';
import type { UploadRecord } from '../store/uploadRecord.js';
import type { Uploads } from '../store/uploads.js';
import type { UploadLimits } from '../uploadLimits.js';
import type { FileAccess } from './fileAccess.js';
import type { KeyedTurns } from './keyedTurns.js';
import { contentTurn, type UploadDesk } from './uploadDesk.js';
import { uploadOfUnfinished, type UploadFolder } from './uploadFolder.js';
import type { UploadUsage } from './uploadUsage.js';

export interface UploadSweepOptions {
  readonly uploads: Uploads;
  readonly folder: UploadFolder;
  readonly limits: UploadLimits;
  readonly access: FileAccess;
  readonly desk: UploadDesk;
  readonly usage: UploadUsage;
  readonly turns: KeyedTurns;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** A sweep could not remove something; the next one tries again. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Whether an upload is not kept any more. Pure.
 *
 * @param isShown whether a message shows it
 */
export function isOver(
  { startedAtMs, finished }: UploadRecord,
  isShown: boolean,
  limits: Pick<UploadLimits, 'unreferencedMsMax' | 'keptMsMax'>,
  nowMs: number,
): boolean {
  const { unreferencedMsMax, keptMsMax } = limits;
  const ageMs = nowMs - (finished?.finishedAtMs ?? startedAtMs);
  if (keptMsMax !== null && ageMs > keptMsMax) return true;
  if (isShown) return false;
  // What a message showed until it was deleted goes at once.
  return ageMs > unreferencedMsMax || (finished !== null && finished.messageId !== null);
}

/** Removes files that are not kept any more, again and again, and once what a crash has left. */
export class UploadSweep {
  readonly #options: UploadSweepOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: UploadSweepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#guarded(() => this.#removeLeftovers());
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#guarded(() => this.sweep()));
    }, this.#options.limits.sweepIntervalMs);
    this.#timer.unref();
  }

  /** Waits for what it is at. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks at every upload once. @throws ServerError, and what node:fs throws */
  async sweep(): Promise<void> {
    const { uploads, limits } = this.#options;
    let behind: Uuid | null = null;
    while (!this.#isClosed) {
      const page: readonly UploadRecord[] = uploads.page(behind, limits.sweepPageMax);
      for (const upload of page) if (this.#isOver(upload)) await this.#remove(upload);
      behind = page.at(-1)?.uploadId ?? null;
      if (behind === null) return;
      // Others have their turn between two pages.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /**
   * Removes a finished upload whoever shows it. Its bytes stay on the disk while others uploaded
   * the same.
   *
   * @param onRemove called in the turn of the event loop in which it is committed
   * @returns whether it was there still
   * @throws ServerError; nothing was removed then
   */
  async remove(uploadId: Uuid, onRemove: () => void): Promise<boolean> {
    const upload = this.#options.uploads.find(uploadId);
    if (upload === null || upload.finished === null) return false;
    return this.#removeFinished(upload, () => {
      onRemove();
      return true;
    });
  }

  #isOver(upload: UploadRecord): boolean {
    const { access, limits, wallClockMs } = this.#options;
    return isOver(upload, access.isShown(upload), limits, wallClockMs());
  }

  async #remove(upload: UploadRecord): Promise<void> {
    if (upload.finished === null) {
      await this.#options.desk.forget(upload);
      return;
    }
    // Meanwhile it may have come into a message.
    await this.#removeFinished(upload, (now) => this.#isOver(now));
  }

  /** @param isMeant asked when it is its turn, of the upload as it is then */
  #removeFinished(upload: UploadRecord, isMeant: (now: UploadRecord) => boolean): Promise<boolean> {
    const { uploads, folder, usage, turns } = this.#options;
    return turns.inTurn(contentTurn(upload.hash), async () => {
      const now = uploads.find(upload.uploadId);
      if (now === null || !isMeant(now)) return false;
      await uploads.remove(now);
      usage.remove(now);
      if (!uploads.isContentKept(now.hash)) await folder.removeContent(now.hash);
      return true;
    });
  }

  /** Files without an entry in the index: the server ended between the two. */
  async #removeLeftovers(): Promise<void> {
    const { uploads, folder, turns } = this.#options;
    for await (const hash of folder.contents()) {
      if (this.#isClosed) return;
      await turns.inTurn(contentTurn(hash), async () => {
        if (!uploads.isContentKept(hash)) await folder.removeContent(hash);
      });
    }
    for await (const name of folder.unfinished()) {
      if (this.#isClosed) return;
      // An upload is in the index before anything of it is in the folder.
      const uploadId = uploadOfUnfinished(name);
      const upload = uploadId === null ? null : uploads.find(uploadId);
      if (upload === null || upload.finished !== null) await folder.removeStray(name);
    }
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
