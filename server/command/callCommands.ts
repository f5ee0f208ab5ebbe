import { FrameType } from '@rookery/schemas/frameType';
import type { CallCommand, DeclineCall, EnterCall } from '@rookery/schemas/messages';
import type { Refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';

/** What is done about calls, the voice of talks. */
export const callCommands: CommandTable<CallCommand> = {
  [FrameType.EnterCall]: enterCall,
  [FrameType.LeaveCall]: leaveCall,
  [FrameType.DeclineCall]: declineCall,
};

function enterCall(
  { session, calls }: CommandContext,
  { talkId, entry }: EnterCall,
): CommandResult {
  return doneUnless(calls.enter(session, talkId, entry));
}

function leaveCall({ session, calls }: CommandContext): CommandResult {
  return doneUnless(calls.leave(session));
}

function declineCall({ session, calls }: CommandContext, { talkId }: DeclineCall): CommandResult {
  return doneUnless(calls.decline(session, talkId));
}

function doneUnless(refused: Refusal | null): CommandResult {
  return refused ?? { refused: false, createdId: null, listId: 0 };
}
