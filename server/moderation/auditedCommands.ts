import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import type { CommandContext } from '../command/commandContext.js';
import type { Refusal } from '../state/outcome.js';
import type { AuditAction } from './auditAction.js';

/** What the log is told of a command. */
type AuditRule = Noted | NotedRefused | NotNoted;

/** It is noted by its handler where it changes something, and where it is refused. */
interface Noted {
  readonly notes: 'changesAndRefusals';
  readonly action: AuditAction;
}

/** It changes nothing, so that only is noted that it was refused. */
interface NotedRefused {
  readonly notes: 'refusals';
  readonly action: AuditAction;
}

interface NotNoted {
  readonly notes: 'nothing';
  readonly because: string;
}

const ownDoing = notNoted('it is about what the sender does, not about others or the server');
const ownReading = notNoted('it changes nothing, and who may be in a place may read there');
const ofTalks = notNoted('it is about talks, which nobody moderates');

/** Whether a command acts on others or on the server: one without a row does not compile. */
const auditRules = {
  [FrameType.Kick]: noted('kick'),
  [FrameType.Ban]: noted('ban'),
  [FrameType.Unban]: noted('unban'),
  [FrameType.ReadBans]: notedRefused('readBans'),
  [FrameType.ReadAudit]: notedRefused('readAudit'),
  [FrameType.ModerateUser]: noted('moderate'),
  [FrameType.MoveUser]: noted('moveUser'),
  [FrameType.SetMessageOfTheDay]: noted('setMessageOfTheDay'),
  [FrameType.RemoveFile]: noted('removeFile'),
  [FrameType.ReportMessage]: notNoted('the report itself is kept'),
  [FrameType.ReadReports]: notedRefused('readReports'),
  [FrameType.ResolveReport]: noted('resolveReport'),

  [FrameType.CreateRoom]: noted('createRoom'),
  [FrameType.RenameRoom]: noted('renameRoom'),
  [FrameType.EditRoom]: noted('editRoom'),
  [FrameType.SetRoomVoice]: noted('setRoomVoice'),
  [FrameType.MoveRoom]: noted('moveRoom'),
  [FrameType.DeleteRoom]: noted('deleteRoom'),
  [FrameType.LinkRooms]: noted('linkRooms'),
  [FrameType.UnlinkRooms]: noted('unlinkRooms'),

  [FrameType.SetRole]: noted('setRole'),
  [FrameType.SetGrants]: noted('setGrants'),
  [FrameType.PutGroup]: noted('putGroup'),
  [FrameType.RemoveGroup]: noted('removeGroup'),
  [FrameType.SetRoomRules]: noted('setRoomRules'),
  [FrameType.ReadRoomRules]: notedRefused('readRoomRules'),
  [FrameType.ReadGroups]: notedRefused('readGroups'),
  [FrameType.ReadRoles]: notedRefused('readRoles'),
  [FrameType.ExplainPermission]: notedRefused('explainPermission'),

  [FrameType.MakeInvite]: noted('makeInvite'),
  [FrameType.WithdrawInvite]: noted('withdrawInvite'),
  [FrameType.ReadInvites]: notedRefused('readInvites'),
  [FrameType.RedeemCode]: noted('useInvite'),
  [FrameType.RegisterUser]: noted('approveUser'),
  [FrameType.DenyRequest]: noted('denyUser'),
  [FrameType.ReadRequests]: notedRefused('readRequests'),
  [FrameType.SetRegistration]: noted('setRegistration'),
  // Of somebody else; the own one is nobody's business.
  [FrameType.SetAccountPassword]: noted('resetPassword'),
  [FrameType.ReadAccount]: ownReading,
  [FrameType.SetName]: ownDoing,

  // Of somebody else's message in a room.
  [FrameType.DeleteMessage]: noted('deleteMessage'),
  [FrameType.PinMessage]: noted('pinMessage'),
  [FrameType.UnpinMessage]: noted('unpinMessage'),
  [FrameType.SendMessage]: ownDoing,
  [FrameType.EditMessage]: notNoted('nobody has a permission to edit messages of others'),
  [FrameType.AddReaction]: ownDoing,
  [FrameType.RemoveReaction]: ownDoing,
  [FrameType.ReadHistory]: ownReading,
  [FrameType.ReadPins]: ownReading,
  [FrameType.Search]: ownReading,
  [FrameType.ReadUnread]: ownReading,
  [FrameType.MessageDelivered]: ownDoing,
  [FrameType.MessageRead]: ownDoing,

  [FrameType.UploadStart]: ownDoing,
  [FrameType.UploadChunk]: ownDoing,
  [FrameType.UploadComplete]: ownDoing,
  [FrameType.UploadCancel]: ownDoing,
  [FrameType.ReadFile]: ownReading,
  [FrameType.DownloadRange]: ownReading,
  [FrameType.DownloadCancel]: ownDoing,

  [FrameType.JoinRoom]: ownDoing,
  [FrameType.LeaveRoom]: ownDoing,
  [FrameType.EnterPassword]: ownDoing,
  [FrameType.Listen]: ownDoing,
  [FrameType.Subscribe]: ownReading,
  [FrameType.Resync]: ownReading,
  [FrameType.SetSelfState]: ownDoing,
  [FrameType.SetRecording]: ownDoing,
  [FrameType.RegisterWhisper]: ownDoing,
  [FrameType.RemoveWhisper]: ownDoing,
  [FrameType.AnnounceKey]: ownDoing,
  [FrameType.ShareKey]: ownDoing,

  [FrameType.OpenTalk]: ofTalks,
  [FrameType.CreateTalk]: ofTalks,
  [FrameType.EditTalk]: ofTalks,
  [FrameType.LeaveTalk]: ofTalks,
  [FrameType.FindUsers]: ofTalks,
  [FrameType.EnterCall]: ofTalks,
  [FrameType.LeaveCall]: ofTalks,
  [FrameType.DeclineCall]: ofTalks,
} as const satisfies Readonly<Record<CommandMessage['type'], AuditRule>>;

type TypesOf<Rule> = {
  [Type in keyof typeof auditRules]: (typeof auditRules)[Type] extends Rule ? Type : never;
}[keyof typeof auditRules];

/** A command that is noted where it changes something. */
export type NotedCommand = Extract<CommandMessage, { readonly type: TypesOf<Noted> }>;

/** What the log calls a command; null where nothing is noted of it. */
export function auditActionOf(type: CommandMessage['type']): AuditAction | null {
  const rule: AuditRule = auditRules[type];
  return rule.notes === 'nothing' ? null : rule.action;
}

/**
 * Notes that a command was refused for want of a permission or of rank, where that is of interest
 * to those who moderate. Other refusals are mistakes, and nobody's business.
 */
export function noteRefusedCommand(
  { audit, session, state }: Pick<CommandContext, 'audit' | 'session' | 'state'>,
  command: CommandMessage,
  { code, message: detail }: Refusal,
): void {
  const action = auditActionOf(command.type);
  if (action === null || code !== ErrorCode.NotPermitted) return;
  const targetId = 'userId' in command ? command.userId : null;
  const roomId: Uuid | null = 'roomId' in command ? command.roomId : null;
  // What happens in a talk is shown to nobody else.
  if (roomId !== null && state.room(roomId) === null) return;
  audit.noteRefused({ action, actorId: session.userId, targetId, roomId, detail });
}

function noted(action: AuditAction): Noted {
  return { notes: 'changesAndRefusals', action };
}

function notedRefused(action: AuditAction): NotedRefused {
  return { notes: 'refusals', action };
}

function notNoted(because: string): NotNoted {
  return { notes: 'nothing', because };
}
