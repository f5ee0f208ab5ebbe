import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { RegisterWhisper, RemoveWhisper } from '@rookery/schemas/messages';
import { refusal } from '../state/outcome.js';
import type { CommandContext, CommandResult } from './commandContext.js';

export function registerWhisper(context: CommandContext, command: RegisterWhisper): CommandResult {
  const listId = context.publisher.registerWhisper(context.session.token, command);
  return typeof listId === 'number' ? { refused: false, createdId: null, listId } : listId;
}

export function removeWhisper(context: CommandContext, command: RemoveWhisper): CommandResult {
  return context.publisher.removeWhisper(context.session.token, command.listId)
    ? { refused: false, createdId: null, listId: 0 }
    : refusal(ErrorCode.InvalidField, 'You have no such whisper list. It may be removed already.');
}
