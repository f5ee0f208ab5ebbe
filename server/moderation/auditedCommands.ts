import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import type { AuditAction } from './auditAction.js';
import type { AuditLog } from './auditLog.js';

/** Commands that act on others, or on the server: that one was refused is worth a note. */
const actions: Partial<Readonly<Record<CommandMessage['type'], AuditAction>>> = {
  [FrameType.Kick]: 'kick',
  [FrameType.Ban]: 'ban',
  [FrameType.Unban]: 'unban',
  [FrameType.ReadBans]: 'readBans',
  [FrameType.ReadAudit]: 'readAudit',
  [FrameType.ModerateUser]: 'moderate',
  [FrameType.MoveUser]: 'moveUser',
  [FrameType.SetMessageOfTheDay]: 'setMessageOfTheDay',
  [FrameType.ReadReports]: 'readReports',
  [FrameType.ResolveReport]: 'resolveReport',
  [FrameType.CreateRoom]: 'createRoom',
  [FrameType.RenameRoom]: 'renameRoom',
  [FrameType.EditRoom]: 'editRoom',
  [FrameType.SetRoomVoice]: 'setRoomVoice',
  [FrameType.MoveRoom]: 'moveRoom',
  [FrameType.DeleteRoom]: 'deleteRoom',
  [FrameType.LinkRooms]: 'linkRooms',
  [FrameType.UnlinkRooms]: 'unlinkRooms',
};

/** Notes that a command was refused, where that is of interest to those who moderate. */
export function noteRefusedCommand(
  audit: AuditLog,
  actorId: Uuid,
  command: CommandMessage,
  detail: string,
): void {
  const action = actions[command.type];
  if (action === undefined) return;
  const targetId = 'userId' in command ? command.userId : null;
  const roomId = 'roomId' in command ? command.roomId : null;
  audit.noteRefused({ action, actorId, targetId, roomId, detail });
}
