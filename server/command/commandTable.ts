import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, Message } from '@rookery/schemas/messages';
import { commandRefusal } from '../access/commandPermissions.js';
import { accessCommands } from './accessCommands.js';
import { auditActionOf, noteRefusedCommand } from '../moderation/auditedCommands.js';
import type { CommandContext, CommandResult, CommandTable } from './commandContext.js';
import { callCommands } from './callCommands.js';
import { accountCommands } from './accountCommands.js';
import { linkRooms, listen, unlinkRooms } from './linkCommands.js';
import { moderationCommands } from './moderationCommands.js';
import { readingCommands } from './readingCommands.js';
import {
  cancelDownload,
  cancelUpload,
  completeUpload,
  downloadRange,
  readFile,
  startUpload,
  takeChunk,
} from './fileCommands.js';
import { privateCommands } from './privateCommands.js';
import {
  createRoom,
  deleteRoom,
  editRoom,
  joinRoom,
  leaveRoom,
  moveRoom,
  renameRoom,
  setRoomVoice,
} from './roomCommands.js';
import { setRecording, setSelfState } from './setSelfState.js';
import { talkCommands } from './talkCommands.js';
import { textCommands } from './textCommands.js';
import { resync, subscribe } from './viewCommands.js';
import { registerWhisper, removeWhisper } from './whisperCommands.js';

/** Every command there is: one without a function does not compile. */
const commandTable: CommandTable<CommandMessage> = {
  [FrameType.JoinRoom]: joinRoom,
  [FrameType.LeaveRoom]: leaveRoom,
  [FrameType.CreateRoom]: createRoom,
  [FrameType.RenameRoom]: renameRoom,
  [FrameType.DeleteRoom]: deleteRoom,
  [FrameType.SetSelfState]: setSelfState,
  [FrameType.SetRecording]: setRecording,
  [FrameType.RegisterWhisper]: registerWhisper,
  [FrameType.RemoveWhisper]: removeWhisper,
  [FrameType.SetRoomVoice]: setRoomVoice,
  [FrameType.MoveRoom]: moveRoom,
  [FrameType.EditRoom]: editRoom,
  [FrameType.Subscribe]: subscribe,
  [FrameType.Resync]: resync,
  [FrameType.UploadStart]: startUpload,
  [FrameType.UploadChunk]: takeChunk,
  [FrameType.UploadComplete]: completeUpload,
  [FrameType.UploadCancel]: cancelUpload,
  [FrameType.ReadFile]: readFile,
  [FrameType.DownloadRange]: downloadRange,
  [FrameType.DownloadCancel]: cancelDownload,
  [FrameType.LinkRooms]: linkRooms,
  [FrameType.UnlinkRooms]: unlinkRooms,
  [FrameType.Listen]: listen,
  ...textCommands,
  ...readingCommands,
  ...talkCommands,
  ...accessCommands,
  ...accountCommands,
  ...moderationCommands,
  ...callCommands,
  ...privateCommands,
};

export function isCommand(message: Message): message is CommandMessage {
  return Object.hasOwn(commandTable, message.type);
}

/**
 * Carries a command out, or refuses it and changes nothing; what its sender has to be permitted is
 * asked before. What is to last is durable before the
 * result says so.
 *
 * @throws ServerError of the store, by the promise; nothing was changed then
 */
export function runCommand(
  context: CommandContext,
  command: CommandMessage,
): CommandResult | Promise<CommandResult> {
  const refused = commandRefusal(context, command);
  if (refused !== null) return noted(context, command, refused);
  // The table's own type ties each function to the command of its key.
  const run = commandTable[command.type] as (
    context: CommandContext,
    command: CommandMessage,
  ) => CommandResult | Promise<CommandResult>;
  const result = run(context, command);
  if (auditActionOf(command.type) === null) return result;
  if (!(result instanceof Promise)) return noted(context, command, result);
  return result.then((settled) => noted(context, command, settled));
}

/** The result, of which is in the log that it is a refusal. What was done its handler notes. */
function noted<Result extends CommandResult>(
  context: CommandContext,
  command: CommandMessage,
  result: Result,
): Result {
  if (result.refused) noteRefusedCommand(context, command, result);
  return result;
}
