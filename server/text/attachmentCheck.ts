import type { Uuid } from '@rookery/schemas/messages';
import type { Session } from '../session/connection.js';
import type { Refusal } from '../state/outcome.js';
import type { TextPlace } from './textPlaces.js';

/** Knows which uploads may be attached to a message. */
export interface AttachmentCheck {
  /**
   * @param attachmentIds at least one
   * @returns why they may not be attached by that session to a message there; null where they may
   */
  refusalOf(attachmentIds: readonly Uuid[], session: Session, place: TextPlace): Refusal | null;
}
