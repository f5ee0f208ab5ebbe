import type { Uuid } from '@rookery/schemas/messages';
import type { Session } from '../session/connection.js';
import type { Refusal } from '../state/outcome.js';
import type { Messages } from '../store/messages.js';
import type { UploadRecord } from '../store/uploadRecord.js';
import type { Uploads } from '../store/uploads.js';
import type { TextPlaces } from '../text/textPlaces.js';
import { noSuchFile } from './uploadRefusals.js';

export interface FileAccessOptions {
  readonly uploads: Uploads;
  readonly messages: Pick<Messages, 'find'>;
  readonly places: () => TextPlaces;
}

/**
 * Who gets a file: whoever uploaded it, and those who may read the message that shows it. To all
 * others it is not there.
 */
export class FileAccess {
  readonly #options: FileAccessOptions;

  constructor(options: FileAccessOptions) {
    this.#options = options;
  }

  /** @returns a finished upload, or why the session does not get it */
  toRead(uploadId: Uuid, session: Session): UploadRecord | Refusal {
    const { uploads, places } = this.#options;
    const upload = uploads.find(uploadId);
    if (upload === null || upload.finished === null) return noSuchFile;
    if (upload.userId === session.userId) return upload;
    if (!this.isShown(upload)) return noSuchFile;
    return 'refused' in places().toRead(upload.placeId, session) ? noSuchFile : upload;
  }

  /** Whether a message shows it that was not deleted. */
  isShown({ placeId, finished }: UploadRecord): boolean {
    const messageId = finished?.messageId ?? null;
    if (messageId === null) return false;
    const message = this.#options.messages.find(placeId, messageId);
    return message !== null && message.deletedAtMs === null;
  }
}
