import { FrameType } from '@rookery/schemas/frameType';
import type { TextCommand } from '@rookery/schemas/messages';
import type { CommandTable } from './commandContext.js';
import { readHistory } from './readHistory.js';
import { sendMessage } from './sendMessage.js';

/** What is done about what people write. */
export const textCommands: CommandTable<TextCommand> = {
  [FrameType.SendMessage]: sendMessage,
  [FrameType.ReadHistory]: readHistory,
};
