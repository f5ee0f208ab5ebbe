import type { StoredMessage } from './messageRecord.js';
import type { Write } from './tables.js';

/** What is written of the attachments of messages, in the same commits as the messages. */
export interface AttachmentWrites {
  /** A message with attachments becomes durable. */
  added(message: StoredMessage): readonly Write[];
  /** A message is removed, or deleted with its attachments. */
  removed(message: StoredMessage): readonly Write[];
}

/** Where nothing is kept of attachments. */
export const noAttachmentWrites: AttachmentWrites = { added: () => [], removed: () => [] };
