import type { SetRecording, SetSelfState } from '@rookery/schemas/messages';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';

export function setSelfState(context: CommandContext, command: SetSelfState): CommandResult {
  return finish(context, context.state.setSelfState(context.session.token, command));
}

/** Others are told; nothing else follows from it. */
export function setRecording(
  context: CommandContext,
  { isRecording }: SetRecording,
): CommandResult {
  return finish(context, context.state.setRecording(context.session.token, isRecording));
}
