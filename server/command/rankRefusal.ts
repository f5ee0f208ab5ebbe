import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import { refusal, type Refusal } from '../state/outcome.js';
import type { CommandContext } from './commandContext.js';

/** Why somebody may not act on somebody else; null where they may. */
export function rankRefusal({ session, access }: CommandContext, targetId: Uuid): Refusal | null {
  if (access.mayActOn(session.userId, targetId)) return null;
  const text = 'The role of the user is yours, or above it. Ask somebody with a higher role.';
  return refusal(ErrorCode.NotPermitted, text);
}

/** Where a command is about somebody who never was here. */
export function noSuchUser(): Refusal {
  return refusal(ErrorCode.NoSuchUser, 'There is no such user. Look for the name again.');
}
