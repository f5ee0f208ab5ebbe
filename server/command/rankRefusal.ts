import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import type { AuditAction } from '../moderation/auditAction.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { CommandContext } from './commandContext.js';

/**
 * Why somebody may not act on somebody else; null where they may. A refusal is written down.
 */
export function rankRefusal(
  { session, access, audit }: CommandContext,
  action: AuditAction,
  targetId: Uuid,
): Refusal | null {
  if (access.mayActOn(session.userId, targetId)) return null;
  const text = 'The role of the user is yours, or above it. Ask somebody with a higher role.';
  audit.noteRefused({ action, actorId: session.userId, targetId, detail: text });
  return refusal(ErrorCode.NotPermitted, text);
}

/** Where a command is about somebody who never was here. */
export function noSuchUser(): Refusal {
  return refusal(ErrorCode.NoSuchUser, 'There is no such user. Look for the name again.');
}
