import type {
  CreateRoom,
  DeleteRoom,
  JoinRoom,
  RenameRoom,
  SetRoomVoice,
} from '@rookery/schemas/messages';
import { newUuid } from '@rookery/schemas/uuid';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';

export function createRoom(context: CommandContext, command: CreateRoom): CommandResult {
  const roomId = newUuid();
  const outcome = context.state.createRoom(roomId, command.parentId, command.name);
  return finish(context, outcome, roomId);
}

export function renameRoom(context: CommandContext, command: RenameRoom): CommandResult {
  return finish(context, context.state.renameRoom(command.roomId, command.name));
}

export function deleteRoom(context: CommandContext, command: DeleteRoom): CommandResult {
  return finish(context, context.state.deleteRoom(command.roomId));
}

export function setRoomVoice(context: CommandContext, command: SetRoomVoice): CommandResult {
  return finish(context, context.state.setRoomVoice(command.roomId, command));
}

export function joinRoom(context: CommandContext, command: JoinRoom): CommandResult {
  return finish(context, context.state.joinRoom(context.session.token, command.roomId));
}

export function leaveRoom(context: CommandContext): CommandResult {
  return finish(context, context.state.leaveRoom(context.session.token));
}
