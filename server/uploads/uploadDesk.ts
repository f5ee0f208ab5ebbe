import { normaliseFileName } from '@rookery/schemas/fileName';
import { FrameType } from '@rookery/schemas/frameType';
import type { UploadChunk, UploadStart, Uuid } from '@rookery/schemas/messages';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import type { CommandResult } from '../command/commandContext.js';
import type { Session } from '../session/connection.js';
import type { Refusal } from '../state/outcome.js';
import type { UploadRecord } from '../store/uploadRecord.js';
import type { Uploads } from '../store/uploads.js';
import type { TextPlaces } from '../text/textPlaces.js';
import type { UploadLimits } from '../uploadLimits.js';
import { diskFault, diskRefusal } from './diskFault.js';
import type { FileCheck } from './fileCheck.js';
import { fileInfoOf } from './fileInfo.js';
import { IncomingFile } from './incomingFile.js';
import type { KeyedTurns } from './keyedTurns.js';
import type { Thumbnailer } from './thumbnailer.js';
import type { UploadFolder } from './uploadFolder.js';
import {
  diskFull,
  emptyFile,
  notAsLarge,
  notThatHash,
  notUnderWay,
  outOfOrder,
  quotaReached,
  tooLarge,
  tooManyUploads,
} from './uploadRefusals.js';
import type { UploadUsage } from './uploadUsage.js';

export interface UploadDeskOptions {
  readonly uploads: Uploads;
  readonly folder: UploadFolder;
  readonly limits: UploadLimits;
  readonly places: () => TextPlaces;
  readonly usage: UploadUsage;
  readonly turns: KeyedTurns;
  readonly check: FileCheck;
  readonly thumbnailer: Thumbnailer;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** How many uploads of a content are asked whether they are of the same user. */
const sharersMax = 64;

/** What the user of a key does happens in order. */
export const userTurn = (userId: Uuid): string => `user ${userId}`;
/** A content is kept and removed in order. */
export const contentTurn = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/**
 * Takes files in. What a user does here happens in order.
 *
 *     start ──► record durable ──► chunks ──► file ──► complete ──► on the disk? ──► hash right?
 *       ▲                            │                                │ no            │ no: dropped
 *       └── again, after whatever ───┘                                ▼ yes           ▼ yes
 *                                                    kept by its hash ──► record durable ──► told
 *
 * Who uploads a file again gets a record of its own for the content that is there. Only for a
 * content of the same user the bytes are not asked for: to know a hash is not to have the file.
 */
export class UploadDesk {
  readonly #options: UploadDeskOptions;
  /** Every upload that is not finished; by id. */
  readonly #unfinished = new Map<Uuid, UploadRecord>();
  /** Those of them to which chunks may be added. */
  readonly #incoming = new Map<Uuid, IncomingFile>();

  constructor(options: UploadDeskOptions) {
    this.#options = options;
  }

  /** An unfinished upload of before. */
  remember(upload: UploadRecord): void {
    this.#unfinished.set(upload.uploadId, upload);
  }

  isIncoming(uploadId: Uuid): boolean {
    return this.#incoming.has(uploadId);
  }

  async start(session: Session, asked: UploadStart): Promise<CommandResult> {
    const { limits, places, turns } = this.#options;
    if (asked.sizeBytes === 0) return emptyFile;
    if (asked.sizeBytes > limits.sizeBytesMax) return tooLarge(limits.sizeBytesMax);
    const place = places().toWrite(asked.placeId, session);
    if ('refused' in place) return place;
    const { userId } = session;
    const wanted = { ...asked, name: normaliseFileName(asked.name) };
    return turns.inTurn(userTurn(userId), () => this.#start(userId, wanted));
  }

  /** @returns an UploadAck, or TransferFailed, once it is written; the upload is over then */
  async chunk(session: Session, chunk: UploadChunk): Promise<CommandResult> {
    const { uploadId, offset, bytes } = chunk;
    const incoming = this.#incoming.get(uploadId);
    if (incoming === undefined || incoming.upload.userId !== session.userId) {
      return failed(uploadId, notUnderWay);
    }
    if (offset !== incoming.receivedBytes) {
      await this.#stop(incoming);
      return failed(uploadId, outOfOrder(offset, incoming.receivedBytes));
    }
    if (bytes.length > incoming.missingBytes) {
      this.#incoming.delete(uploadId);
      await this.#inTurnOf(incoming.upload, () => this.#drop(incoming.upload, incoming));
      return failed(uploadId, notAsLarge);
    }
    try {
      await incoming.write(bytes);
    } catch (cause) {
      await this.#stop(incoming);
      return failed(uploadId, diskRefusal(cause));
    }
    const written = offset + bytes.length;
    return { refused: false, answer: { type: FrameType.UploadAck, uploadId, offset: written } };
  }

  complete({ userId }: Session, uploadId: Uuid): Promise<CommandResult> {
    const { turns } = this.#options;
    return turns.inTurn(userTurn(userId), () => this.#complete(userId, uploadId));
  }

  /** Forgets an upload that is not finished. */
  cancel({ userId }: Session, uploadId: Uuid): Promise<CommandResult> {
    return this.#options.turns.inTurn(userTurn(userId), async () => {
      const upload = this.#unfinished.get(uploadId);
      if (upload?.userId !== userId) return notUnderWay;
      await this.#drop(upload, this.#take(uploadId));
      return { refused: false, createdId: null, listId: 0 };
    });
  }

  /** Forgets an unfinished upload, unless it goes on. */
  async forget(upload: UploadRecord): Promise<void> {
    await this.#inTurnOf(upload, async () => {
      if (!this.isIncoming(upload.uploadId)) await this.#drop(upload, null);
    });
  }

  /** The user is gone: what came is kept, to go on with. */
  async release(userId: Uuid): Promise<void> {
    await this.#options.turns.inTurn(userTurn(userId), async () => {
      for (const incoming of this.#incoming.values()) {
        if (incoming.upload.userId === userId) await this.#stop(incoming);
      }
    });
  }

  /** Takes nothing more, and closes all files. */
  async close(): Promise<void> {
    await this.#options.turns.idle();
    for (const incoming of [...this.#incoming.values()]) await this.#stop(incoming);
  }

  async #start(userId: Uuid, asked: UploadStart): Promise<CommandResult> {
    const known = this.#findUnfinished(userId, asked);
    if (known !== null) {
      const incoming = this.#take(known.uploadId);
      await incoming?.close();
    }
    const refused = this.#refusalOf(userId, asked, known);
    if (refused !== null) return refused;
    const { placeId, name, sizeBytes, hash } = asked;
    const startedAtMs = this.#options.wallClockMs();
    const uploadId = known?.uploadId ?? newTimeOrderedUuid(startedAtMs);
    const facts = { uploadId, userId, placeId, name, sizeBytes, hash, startedAtMs };
    const upload: UploadRecord = { ...facts, finished: null };
    if (known === null && (await this.#shareOwn(upload))) return ackOf(uploadId, sizeBytes);
    if (!(await this.#hasSpaceFor(sizeBytes))) return diskFull;
    return this.#openIncoming(upload);
  }

  async #openIncoming(upload: UploadRecord): Promise<CommandResult> {
    const { uploads, folder, usage } = this.#options;
    const { uploadId, sizeBytes } = upload;
    await uploads.put(upload);
    if (!this.#unfinished.has(uploadId)) usage.add(upload);
    this.#unfinished.set(uploadId, upload);
    try {
      const opened = await folder.openUnfinished(uploadId);
      // More than was to come cannot be a part of it.
      const isSound = opened.sizeBytes <= sizeBytes;
      if (!isSound) await opened.file.truncate(0);
      const incoming = new IncomingFile(upload, opened.file, isSound ? opened.sizeBytes : 0);
      this.#incoming.set(uploadId, incoming);
      return ackOf(uploadId, incoming.receivedBytes);
    } catch (cause) {
      throw diskFault(cause);
    }
  }

  async #complete(userId: Uuid, uploadId: Uuid): Promise<CommandResult> {
    const { uploads } = this.#options;
    const incoming = this.#incoming.get(uploadId);
    if (incoming?.upload.userId !== userId) {
      // Its answer may have been lost, or it was there already.
      const upload = uploads.find(uploadId);
      const info = upload?.userId === userId ? fileInfoOf(upload) : null;
      return info === null ? notUnderWay : { refused: false, answer: info };
    }
    this.#incoming.delete(uploadId);
    const { upload } = incoming;
    if (incoming.missingBytes > 0) {
      await this.#drop(upload, incoming);
      return notAsLarge;
    }
    try {
      await incoming.sync().finally(() => incoming.close());
      return await this.#finish(upload);
    } catch (cause) {
      throw diskFault(cause);
    }
  }

  /** The disk has all bytes: are they those that were to come? */
  async #finish(upload: UploadRecord): Promise<CommandResult> {
    const { folder, check, thumbnailer, wallClockMs } = this.#options;
    const { uploadId, sizeBytes } = upload;
    const path = folder.unfinishedPath(uploadId);
    const { hash, mediaType } = await check.check(path);
    if (Buffer.compare(hash, upload.hash) !== 0) {
      await this.#drop(upload, null);
      return notThatHash;
    }
    const target = folder.unfinishedThumbnailPath(uploadId);
    const thumbnail = await thumbnailer.make({ path, mediaType, sizeBytes }, target);
    const finishedAtMs = wallClockMs();
    const finished = { finishedAtMs, mediaType, thumbnail, messageId: null };
    await this.#keep({ ...upload, finished }, () => folder.keep(upload, thumbnail));
    this.#unfinished.delete(uploadId);
    await folder.removeUnfinished(uploadId);
    return { refused: false, answer: fileInfoOf({ ...upload, finished })! };
  }

  /** Keeps a content for a finished upload; it is kept before the upload says that it is there. */
  #keep(upload: UploadRecord, place: () => Promise<void>): Promise<void> {
    const { uploads, folder, turns } = this.#options;
    return turns.inTurn(contentTurn(upload.hash), async () => {
      await place();
      try {
        await uploads.put(upload);
      } catch (error) {
        if (!uploads.isContentKept(upload.hash)) await folder.removeContent(upload.hash);
        throw error;
      }
    });
  }

  /** Where the user has that content already, the upload is finished. @returns whether it is */
  async #shareOwn(upload: UploadRecord): Promise<boolean> {
    const { uploads, usage, wallClockMs, turns } = this.#options;
    const { userId, hash, sizeBytes } = upload;
    return turns.inTurn(contentTurn(hash), async () => {
      const own = uploads
        .withContent(hash, sharersMax)
        .find((other) => other.userId === userId && other.sizeBytes === sizeBytes);
      const finished = own?.finished ?? null;
      if (finished === null) return false;
      const finishedAtMs = wallClockMs();
      await uploads.put({ ...upload, finished: { ...finished, finishedAtMs, messageId: null } });
      usage.add(upload);
      return true;
    });
  }

  #refusalOf(userId: Uuid, { sizeBytes }: UploadStart, known: UploadRecord | null): Refusal | null {
    const { limits, usage } = this.#options;
    const isOwn = (upload: UploadRecord): boolean => upload.userId === userId;
    const active = [...this.#incoming.values()].filter(({ upload }) => isOwn(upload)).length;
    if (active >= limits.activePerUserMax) return tooManyUploads;
    if (this.#incoming.size >= limits.activeMax) return tooManyUploads;
    if (known !== null) return null;
    const unfinished = [...this.#unfinished.values()].filter(isOwn).length;
    if (unfinished >= limits.unfinishedPerUserMax) return tooManyUploads;
    if (this.#unfinished.size >= limits.unfinishedMax) return tooManyUploads;
    const whose = usage.refuses({ userId, sizeBytes });
    return whose === null ? null : quotaReached(whose);
  }

  /** What is under way counts as if it had come. */
  async #hasSpaceFor(sizeBytes: number): Promise<boolean> {
    const { folder, limits } = this.#options;
    let neededBytes = limits.diskReserveBytes + sizeBytes;
    for (const incoming of this.#incoming.values()) neededBytes += incoming.missingBytes;
    return (await folder.freeBytes()) >= neededBytes;
  }

  #findUnfinished(userId: Uuid, asked: UploadStart): UploadRecord | null {
    for (const upload of this.#unfinished.values()) {
      const isSame =
        upload.userId === userId &&
        upload.placeId === asked.placeId &&
        upload.name === asked.name &&
        upload.sizeBytes === asked.sizeBytes &&
        Buffer.compare(upload.hash, asked.hash) === 0;
      if (isSame) return upload;
    }
    return null;
  }

  #take(uploadId: Uuid): IncomingFile | null {
    const incoming = this.#incoming.get(uploadId) ?? null;
    this.#incoming.delete(uploadId);
    return incoming;
  }

  /** No chunk is added any more; what came stays, to go on with. */
  async #stop(incoming: IncomingFile): Promise<void> {
    this.#incoming.delete(incoming.upload.uploadId);
    await incoming.close().catch(() => undefined);
  }

  /** Nothing of an unfinished upload is kept. */
  async #drop(upload: UploadRecord, incoming: IncomingFile | null): Promise<void> {
    const { uploads, folder, usage } = this.#options;
    await incoming?.close().catch(() => undefined);
    if (!this.#unfinished.has(upload.uploadId)) return;
    await uploads.remove(upload);
    this.#unfinished.delete(upload.uploadId);
    usage.remove(upload);
    await folder.removeUnfinished(upload.uploadId);
  }

  #inTurnOf({ userId }: UploadRecord, work: () => Promise<void>): Promise<void> {
    return this.#options.turns.inTurn(userTurn(userId), work);
  }
}

function ackOf(uploadId: Uuid, offset: number): CommandResult {
  return { refused: false, answer: { type: FrameType.UploadAck, uploadId, offset } };
}

/** Nobody waits for the answer to a chunk, so it says itself what it is about. */
function failed(uploadId: Uuid, { code, message }: Refusal): CommandResult {
  const answer = {
    type: FrameType.TransferFailed,
    uploadId,
    downloadId: 0,
    code,
    message,
  } as const;
  return { refused: false, answer };
}
