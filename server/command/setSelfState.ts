import type { SetSelfState } from '@rookery/schemas/messages';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';

export function setSelfState(context: CommandContext, command: SetSelfState): CommandResult {
  return finish(context, context.state.setSelfState(context.session.token, command));
}
