import { contentHashBytes } from '@rookery/schemas/contentHash';
import type { Uuid } from '@rookery/schemas/messages';
import { uuidBytes, uuidFromBytes, uuidToBytes } from '@rookery/schemas/uuid';
import type { AttachmentWrites } from './attachmentWrites.js';
import { highestKey, idKey, keyBehind, lowestKey } from './keys.js';
import type { StoredMessage } from './messageRecord.js';
import type { Tables, Write } from './tables.js';
import { decodeUpload, encodeUpload, type UploadRecord } from './uploadRecord.js';

/** The key says all. */
const presentValue = Uint8Array.of(1);

/**
 * The index of uploads, and which of them has which content. A content is kept for as long as one
 * finished upload has it: uploads that say the same share one file.
 *
 * All writes throw ServerError `storageFull`, `storageBusy` or `storageFault`; nothing has changed
 * then.
 */
export class Uploads implements AttachmentWrites {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(uploadId: Uuid): UploadRecord | null {
    const bytes = this.#tables.get('uploads', idKey(uploadId));
    return bytes === null ? null : decodeUpload(uploadId, bytes);
  }

  /** Keeps it as it is now. A finished upload has its content from then on. */
  async put(upload: UploadRecord): Promise<void> {
    const { uploadId, hash, finished } = upload;
    const writes: Write[] = [this.#putWrite(upload)];
    if (finished !== null) {
      const key = contentKey(hash, uploadId);
      writes.push({ table: 'uploadContents', key, value: presentValue });
    }
    await this.#tables.commit(writes);
  }

  async remove({ uploadId, hash }: UploadRecord): Promise<void> {
    await this.#tables.commit([
      { table: 'uploads', key: idKey(uploadId), value: null },
      { table: 'uploadContents', key: contentKey(hash, uploadId), value: null },
    ]);
  }

  /** A message shows its attachments from then on; who made it has checked that it may. */
  added({ messageId, attachmentIds }: StoredMessage): readonly Write[] {
    return attachmentIds.flatMap((uploadId) => {
      const upload = this.find(uploadId);
      if (upload === null || upload.finished === null) return [];
      return [this.#putWrite({ ...upload, finished: { ...upload.finished, messageId } })];
    });
  }

  /** What a message showed that is gone is found by the next sweep. */
  removed(): readonly Write[] {
    return [];
  }

  /** Finished uploads with this content, durable ones, at most `countMax`. */
  withContent(hash: Uint8Array, countMax: number): UploadRecord[] {
    const range = { table: 'uploadContents', from: hash, to: keyBehind(hash), countMax } as const;
    const keys = this.#tables.keys({ ...range, order: 'ascending' });
    return keys.flatMap((key) => this.find(uploadIdOf(key)) ?? []);
  }

  /** Whether a durable finished upload has this content. */
  isContentKept(hash: Uint8Array): boolean {
    const range = {
      table: 'uploadContents',
      from: hash,
      to: keyBehind(hash),
      countMax: 1,
    } as const;
    return this.#tables.keys({ ...range, order: 'ascending' }).length > 0;
  }

  /** @param behind null for the first page @returns durable uploads by id, at most `countMax` */
  page(behind: Uuid | null, countMax: number): UploadRecord[] {
    const from = behind === null ? lowestKey : keyBehind(idKey(behind));
    const range = { table: 'uploads', from, to: highestKey, countMax } as const;
    return this.#tables.read({ ...range, order: 'ascending' }, (key, value) =>
      decodeUpload(uuidFromBytes(key), value),
    );
  }

  #putWrite(upload: UploadRecord): Write {
    return { table: 'uploads', key: idKey(upload.uploadId), value: encodeUpload(upload) };
  }
}

/** Content hash ‖ upload id, 48 bytes. */
export function contentKey(hash: Uint8Array, uploadId: Uuid): Uint8Array {
  const key = new Uint8Array(contentHashBytes + uuidBytes);
  key.set(hash);
  key.set(uuidToBytes(uploadId), contentHashBytes);
  return key;
}

/** @param key as contentKey() makes it */
export function uploadIdOf(key: Uint8Array): Uuid {
  return uuidFromBytes(key.subarray(contentHashBytes));
}
