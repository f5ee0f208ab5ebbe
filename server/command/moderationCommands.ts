import { FrameType } from '@rookery/schemas/frameType';
import type { ModerationCommand, ReadAudit } from '@rookery/schemas/messages';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';
import { countRefusal } from './readHistory.js';

/** What is done about those who disturb others, and the log of it. */
export const moderationCommands: CommandTable<ModerationCommand> = {
  [FrameType.ReadAudit]: readAudit,
};

function readAudit({ audit }: CommandContext, { beforeId, count }: ReadAudit): CommandResult {
  const refused = countRefusal(count);
  if (refused !== null) return refused;
  return { refused: false, answer: { type: FrameType.AuditPage, ...audit.page(beforeId, count) } };
}
