import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { Uploads } from '../store/uploads.js';
import type { AttachmentCheck } from '../text/attachmentCheck.js';
import type { TextPlace } from '../text/textPlaces.js';

/** Which uploads may be attached: own ones, of that place, which no other message shows. */
export class Attachments implements AttachmentCheck {
  readonly #uploads: Uploads;

  constructor(uploads: Uploads) {
    this.#uploads = uploads;
  }

  refusalOf(attachmentIds: readonly Uuid[], session: Session, place: TextPlace): Refusal | null {
    if (new Set(attachmentIds).size !== attachmentIds.length) return namedTwice;
    for (const uploadId of attachmentIds) {
      const upload = this.#uploads.find(uploadId);
      const isOwn = upload?.userId === session.userId && upload.placeId === place.id;
      if (!isOwn || upload.finished === null) return notUploaded;
      if (upload.finished.messageId !== null) return shownElsewhere;
    }
    return null;
  }
}

const namedTwice = refusal(ErrorCode.InvalidField, 'A file is attached twice. Name it once.');

const notUploaded = refusal(
  ErrorCode.NoSuchFile,
  'An attached file was not uploaded here. Upload it to this place first.',
);

const shownElsewhere = refusal(
  ErrorCode.InvalidField,
  'An attached file belongs to another message. Upload it again, which costs nothing.',
);
