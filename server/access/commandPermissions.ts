import { FrameType } from '@rookery/schemas/frameType';
import type {
  CommandMessage,
  EditRoom,
  ModerateUser,
  RegisterWhisper,
  SetRecording,
  Uuid,
} from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Role } from '@rookery/schemas/roles';
import type { CommandContext } from '../command/commandContext.js';
import type { Permission } from '@rookery/schemas/permissions';
import type { Refusal } from '../state/outcome.js';

/** One permission that the sender of a command has to have. */
export interface Requirement {
  readonly permission: Permission;
  readonly roomId: Uuid;
}

/** What a rule may look at. */
type RuleContext = Pick<CommandContext, 'session' | 'state' | 'access'>;

/** All that the sender of a command has to be permitted, as far as the command itself tells. */
type CommandRule<Command> =
  OpenToAll | ((command: Command, context: RuleContext) => readonly Requirement[]);

/** The command needs no permission. */
interface OpenToAll {
  readonly openBecause: string;
}

type CommandRules = {
  readonly [Command in CommandMessage as Command['type']]: CommandRule<Command>;
};

/**
 * What each command needs: one without a row does not compile. What only its handler can know (is
 * that somebody else's message?) the handler asks the same desk.
 */
const commandRules: CommandRules = {
  [FrameType.JoinRoom]: ({ roomId }, context) => hearingNeeds('enter', [roomId], context),
  [FrameType.LeaveRoom]: openToAll('nobody is kept in a room'),
  [FrameType.CreateRoom]: ({ parentId, isTemporary }) => [
    { permission: isTemporary ? 'createTemporaryRoom' : 'createRoom', roomId: parentId },
  ],
  [FrameType.RenameRoom]: inRoom('editRoom'),
  [FrameType.EditRoom]: editNeeds,
  [FrameType.SetRoomVoice]: inRoom('editRoom'),
  [FrameType.MoveRoom]: ({ roomId, parentId }) => [
    { permission: 'moveRoom', roomId },
    { permission: 'createRoom', roomId: parentId },
  ],
  [FrameType.DeleteRoom]: inRoom('deleteRoom'),
  [FrameType.LinkRooms]: ({ firstId, secondId }) => inRooms('link', [firstId, secondId]),
  [FrameType.UnlinkRooms]: ({ firstId, secondId }) => inRooms('link', [firstId, secondId]),
  [FrameType.Listen]: ({ roomIds }, context) => hearingNeeds('listen', roomIds, context),
  [FrameType.Subscribe]: ({ roomIds }) => inRooms('traverse', roomIds),
  [FrameType.Resync]: openToAll('it shows nothing but what the session was shown'),
  [FrameType.SetSelfState]: openToAll('it is about the session itself'),
  [FrameType.SetRecording]: recordingNeeds,
  [FrameType.RegisterWhisper]: whisperNeeds,
  [FrameType.RemoveWhisper]: openToAll('it is a list of its own'),

  [FrameType.SendMessage]: ({ roomId, attachmentIds }, context) =>
    inPlace(context, roomId, attachmentIds.length === 0 ? ['text'] : ['text', 'upload']),
  [FrameType.EditMessage]: inPlaceOf('text'),
  [FrameType.DeleteMessage]: inPlaceOf('text'),
  [FrameType.AddReaction]: inPlaceOf('text', 'react'),
  [FrameType.RemoveReaction]: inPlaceOf('text'),
  [FrameType.ReadHistory]: inPlaceOf('text'),
  [FrameType.PinMessage]: inPlaceOf('text'),
  [FrameType.UnpinMessage]: inPlaceOf('text'),
  [FrameType.ReadPins]: inPlaceOf('text'),
  [FrameType.Search]: inPlaceOf('text'),
  [FrameType.ReadUnread]: openToAll('rooms in which one may not read are left out'),
  [FrameType.MessageDelivered]: inPlaceOf('text'),
  [FrameType.MessageRead]: inPlaceOf('text'),

  [FrameType.UploadStart]: ({ placeId }, context) => inPlace(context, placeId, ['text', 'upload']),
  [FrameType.UploadChunk]: openToAll('it goes on with an upload that was permitted'),
  [FrameType.UploadComplete]: openToAll('it ends an upload that was permitted'),
  [FrameType.UploadCancel]: openToAll('it ends an upload of its own'),
  [FrameType.ReadFile]: openToAll('files are there for those who may read where they are shown'),
  [FrameType.DownloadRange]: openToAll('files are there for those who may read where they stand'),
  [FrameType.DownloadCancel]: openToAll('it ends a download of its own'),

  [FrameType.AnnounceKey]: openToAll('only who is in a private room has keys of it'),
  [FrameType.ShareKey]: openToAll('only who is in a private room has keys of it'),

  [FrameType.SetRole]: ({ userId, role }, { access }) =>
    onServer(isRegistration(access.roleOf(userId), role) ? 'register' : 'administer')(),
  [FrameType.SetGrants]: onServer('administer'),
  [FrameType.PutGroup]: ({ roomId }) => inRoomOrServer('editAcl', roomId, 'administer'),
  [FrameType.RemoveGroup]: ({ groupId }, { access }) =>
    inRoomOrServer('editAcl', access.group(groupId)?.roomId ?? null, 'administer'),
  [FrameType.SetRoomRules]: inRoom('editAcl'),
  [FrameType.EnterPassword]: inRoom('traverse'),
  [FrameType.ReadRoomRules]: inRoom('editAcl'),
  [FrameType.ReadGroups]: ({ roomId }) => inRoomOrServer('editAcl', roomId, 'administer'),
  [FrameType.ReadRoles]: onServer('register'),
  [FrameType.ExplainPermission]: ({ userId, roomId }, { session }) =>
    userId === session.userId ? [] : inRooms('editAcl', [roomId]),

  [FrameType.ReadAudit]: onServer('ban'),
  [FrameType.Kick]: onServer('kick'),
  [FrameType.Ban]: onServer('ban'),
  [FrameType.Unban]: onServer('ban'),
  [FrameType.ReadBans]: onServer('ban'),
  [FrameType.ModerateUser]: moderationNeeds,
  [FrameType.MoveUser]: ({ userId, roomId }, context) =>
    inRooms('moveUsers', [roomOfUser(context, userId), roomId]),
  [FrameType.SetMessageOfTheDay]: onServer('administer'),
  [FrameType.RemoveFile]: inRoom('moderateText'),
  [FrameType.ReportMessage]: inPlaceOf('text'),
  [FrameType.ReadReports]: onServer('moderateText'),
  [FrameType.ResolveReport]: onServer('moderateText'),

  [FrameType.OpenTalk]: openToAll('talks are between users, and belong to no room'),
  [FrameType.CreateTalk]: openToAll('talks are between users, and belong to no room'),
  [FrameType.EditTalk]: openToAll('who takes part in a talk may change it, and nobody else'),
  [FrameType.LeaveTalk]: openToAll('nobody is kept in a talk'),
  [FrameType.FindUsers]: openToAll('talks begin with it'),
  [FrameType.EnterCall]: openToAll('who takes part in a talk may speak in it, and nobody else'),
  [FrameType.LeaveCall]: openToAll('nobody is kept in a call'),
  [FrameType.DeclineCall]: openToAll('it rings at the sender alone'),

  [FrameType.MakeInvite]: ({ role }) => [
    { permission: 'manageInvites', roomId: rootRoomId },
    ...(role === 'member' ? [] : onServer('administer')()),
  ],
  [FrameType.ReadInvites]: onServer('manageInvites'),
  [FrameType.WithdrawInvite]: onServer('manageInvites'),
  [FrameType.RedeemCode]: openToAll('whoever has the code may'),
  [FrameType.RegisterUser]: onServer('register'),
  [FrameType.DenyRequest]: onServer('register'),
  [FrameType.ReadRequests]: onServer('register'),
  [FrameType.SetAccountPassword]: ({ userId }, { session }) =>
    userId === null || userId === session.userId ? [] : onServer('administer')(),
  [FrameType.ReadAccount]: openToAll('it is about the user itself'),
  [FrameType.SetRegistration]: onServer('administer'),
  [FrameType.SetName]: openToAll('it is the name of the user itself'),
};

/** Why a command needs no permission; null where it needs some. */
export function whyOpenToAll(type: CommandMessage['type']): string | null {
  const rule: CommandRule<never> = commandRules[type];
  return typeof rule === 'function' ? null : rule.openBecause;
}

/**
 * @returns why the sender of a command may not do that; null where it may. It says the same of a
 * room that is not there as the command itself would
 */
export function commandRefusal(context: RuleContext, command: CommandMessage): Refusal | null {
  // The table's own type ties each rule to the command of its key.
  const rule = commandRules[command.type] as CommandRule<CommandMessage>;
  if (typeof rule !== 'function') return null;
  const { access, session } = context;
  for (const { permission, roomId } of rule(command, context)) {
    const refused = access.refusalOf(session.token, permission, roomId);
    if (refused !== null) return refused;
  }
  return null;
}

function openToAll(openBecause: string): OpenToAll {
  return { openBecause };
}

/** A permission in the room that the command names. */
function inRoom(permission: Permission) {
  return ({ roomId }: { readonly roomId: Uuid }): readonly Requirement[] => [
    { permission, roomId },
  ];
}

function inRooms(permission: Permission, roomIds: readonly Uuid[]): readonly Requirement[] {
  return roomIds.map((roomId) => ({ permission, roomId }));
}

/** A permission of the server, or of its root room. */
function onServer(permission: Permission) {
  return (): readonly Requirement[] => [{ permission, roomId: rootRoomId }];
}

/** Those who may register make guests members, and nothing else. */
function isRegistration(before: Role, after: Role): boolean {
  return before === 'guest' && after === 'member';
}

function inRoomOrServer(
  permission: Permission,
  roomId: Uuid | null,
  ofServer: Permission,
): readonly Requirement[] {
  return roomId === null ? onServer(ofServer)() : inRooms(permission, [roomId]);
}

/** The same where the id may be that of a talk, which has rules of its own. */
function inPlaceOf(...needed: readonly Permission[]) {
  return ({ roomId }: { readonly roomId: Uuid }, context: RuleContext): readonly Requirement[] =>
    inPlace(context, roomId, needed);
}

function inPlace(
  { state }: RuleContext,
  roomId: Uuid,
  needed: readonly Permission[],
): readonly Requirement[] {
  return state.room(roomId) === null ? [] : needed.map((permission) => ({ permission, roomId }));
}

/**
 * To whisper to a room takes the permission there. Whoever is named is heard where they are, as
 * far as that is permitted; a list that would reach none of them is refused. Those who are in no
 * room, and those who are away, count as in the root.
 */
function whisperNeeds(
  { roomIds, sessionTokens, userIds }: RegisterWhisper,
  { session, state, access }: RuleContext,
): readonly Requirement[] {
  const tokens = [...sessionTokens, ...userIds.flatMap((userId) => [...state.sessionsOf(userId)])];
  const places = tokens.map((token) => state.session(token)?.roomId ?? rootRoomId);
  if (userIds.some((userId) => state.sessionsOf(userId).size === 0)) places.push(rootRoomId);
  const isHeard = places.some((roomId) => access.can(session.token, 'whisper', roomId));
  const ofPeople = isHeard ? [] : places.slice(0, 1);
  return inRooms('whisper', [...roomIds, ...ofPeople]);
}

/** Whoever records needs the permission to in every room that it hears. */
function hearingNeeds(
  permission: Permission,
  roomIds: readonly Uuid[],
  { session, state }: RuleContext,
): readonly Requirement[] {
  const isRecording = state.session(session.token)?.isRecording === true;
  return [...inRooms(permission, roomIds), ...(isRecording ? inRooms('record', roomIds) : [])];
}

/** Calls have no rules of their own: whoever is in no room counts as in the root. */
function recordingNeeds(
  { isRecording }: SetRecording,
  { session, state }: RuleContext,
): readonly Requirement[] {
  if (!isRecording) return [];
  const own = state.session(session.token);
  return inRooms('record', [own?.roomId ?? rootRoomId, ...(own?.listeningTo ?? [])]);
}

/** Who may make rooms that go by themselves makes none that stay by changing one. */
function editNeeds({ roomId, isTemporary }: EditRoom, { state }: RuleContext): Requirement[] {
  const room = state.room(roomId);
  const stays = isTemporary === false && room?.isTemporary === true && room.parentId !== null;
  const needed: Requirement[] = [{ permission: 'editRoom', roomId }];
  if (stays) needed.push({ permission: 'createRoom', roomId: room.parentId });
  return needed;
}

/** Where somebody is; who is in no room, or away, counts as in the root. */
function roomOfUser({ state }: RuleContext, userId: Uuid): Uuid {
  const [token] = state.sessionsOf(userId);
  return (token === undefined ? null : state.session(token)?.roomId) ?? rootRoomId;
}

/** Everybody who is permitted to may go before others; to decide it of others is to mute them. */
function moderationNeeds(command: ModerateUser, context: RuleContext): readonly Requirement[] {
  const { userId, muted, deafened, suppressed, prioritySpeaker } = command;
  const roomId = roomOfUser(context, userId);
  const isOwn = userId === context.session.userId;
  const isOwnPriority = isOwn && prioritySpeaker !== null;
  const isMuting = muted !== null || suppressed !== null || (prioritySpeaker !== null && !isOwn);
  const needed: Permission[] = [
    ...(isOwnPriority ? (['prioritySpeaker'] as const) : []),
    ...(deafened === null ? [] : (['deafenOthers'] as const)),
    ...(isMuting ? (['muteOthers'] as const) : []),
  ];
  if (needed.length === 0) needed.push('muteOthers');
  return needed.map((permission) => ({ permission, roomId }));
}
