import { FrameType } from '@rookery/schemas/frameType';
import type { TextCommand } from '@rookery/schemas/messages';
import type { CommandTable } from './commandContext.js';
import { deleteMessage, editMessage, sendMessage } from './messageCommands.js';
import { pinMessage, readPins, unpinMessage } from './pinCommands.js';
import { addReaction, removeReaction } from './reactionCommands.js';
import { readHistory } from './readHistory.js';

/** What is done about what people write. */
export const textCommands: CommandTable<TextCommand> = {
  [FrameType.SendMessage]: sendMessage,
  [FrameType.EditMessage]: editMessage,
  [FrameType.DeleteMessage]: deleteMessage,
  [FrameType.AddReaction]: addReaction,
  [FrameType.RemoveReaction]: removeReaction,
  [FrameType.ReadHistory]: readHistory,
  [FrameType.PinMessage]: pinMessage,
  [FrameType.UnpinMessage]: unpinMessage,
  [FrameType.ReadPins]: readPins,
};
