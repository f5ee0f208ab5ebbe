import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage } from '@rookery/schemas/messages';
import { commandRefusal } from '../access/commandPermissions.js';
import { refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/**
 * Carries a command out when it is its turn among the changes of the tree and of who may do what.
 * Whether the sender may is asked once more then: it may have waited behind the very change that
 * took the permission away, or for a password to be hashed.
 */
export function inPermittedTurn(
  context: CommandContext,
  command: CommandMessage,
  work: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const { access, session, roomChanges } = context;
  return roomChanges.inTurn(async () => {
    if (!access.isThere(session.token)) return sessionEnded;
    return commandRefusal(context, command) ?? (await work());
  });
}

const sessionEnded = refusal(ErrorCode.NotPermitted, 'The session has ended meanwhile.');
