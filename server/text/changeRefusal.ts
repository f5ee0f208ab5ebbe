import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { StoredMessage } from '../store/messageRecord.js';

/** Decides who edits and deletes what. @returns null where the session may change the message */
export function changeRefusal(session: Session, message: StoredMessage): Refusal | null {
  return message.userId === session.userId ? null : notYours;
}

const notYours = refusal(ErrorCode.NotPermitted, 'Only who wrote a message may change it.');
