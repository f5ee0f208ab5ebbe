import { FrameType } from './frameType.js';

/**
 * What a message costs its receiver, and so which budget it is taken from. Whoever is told to slow
 * down (Throttle) with one message goes too fast with all of its class.
 */
export type MessageClass =
  /** Keeps a connection alive or ends it: has the budget of the control stream alone. */
  | 'control'
  | 'login'
  /** Answered to anybody, without a login. */
  | 'card'
  /** Messages and what becomes of them. */
  | 'write'
  | 'react'
  /** Answered with what is kept: history, pins, files, lists. */
  | 'read'
  | 'search'
  /** Changes where a session is, or what it hears. */
  | 'join'
  /** Changes what others see of a session, or what it is told. */
  | 'view'
  /** Changes rooms, rights and other people. */
  | 'manage'
  /** Says who hears a sender beyond the room, or with which key. */
  | 'whisper'
  | 'talk'
  /** How far somebody has read. */
  | 'mark'
  | 'upload'
  /** A piece of a file, in either direction. */
  | 'piece'
  /** The server alone sends it. */
  | 'server';

/**
 * A class whose messages a client sends as its user, and which has a budget of its own. `signal` is
 * who types and who is at the computer, which no message tells but datagrams.
 */
export type PacedClass = Exclude<MessageClass, 'control' | 'server'> | 'signal';

/** The class of every message: a frame type without one does not compile. */
export const messageClasses = {
  [FrameType.Hello]: 'login',
  [FrameType.HelloAck]: 'server',
  [FrameType.Auth]: 'login',
  [FrameType.AuthOk]: 'server',
  [FrameType.AuthFailed]: 'server',
  [FrameType.Ping]: 'control',
  [FrameType.Pong]: 'control',
  [FrameType.Throttle]: 'server',
  [FrameType.Goodbye]: 'control',
  [FrameType.CommandDone]: 'server',
  [FrameType.ResumeTicket]: 'server',
  [FrameType.ReadServerCard]: 'card',
  [FrameType.ServerCard]: 'server',
  [FrameType.SendMessage]: 'write',
  [FrameType.EditMessage]: 'write',
  [FrameType.DeleteMessage]: 'write',
  [FrameType.AddReaction]: 'react',
  [FrameType.RemoveReaction]: 'react',
  [FrameType.JoinRoom]: 'join',
  [FrameType.LeaveRoom]: 'join',
  [FrameType.CreateRoom]: 'manage',
  [FrameType.RenameRoom]: 'manage',
  [FrameType.MoveRoom]: 'manage',
  [FrameType.DeleteRoom]: 'manage',
  [FrameType.SetSelfState]: 'view',
  [FrameType.SetRecording]: 'view',
  [FrameType.RegisterWhisper]: 'whisper',
  [FrameType.RemoveWhisper]: 'whisper',
  [FrameType.SetRoomVoice]: 'manage',
  [FrameType.LinkRooms]: 'manage',
  [FrameType.UnlinkRooms]: 'manage',
  [FrameType.Listen]: 'join',
  [FrameType.EditRoom]: 'manage',
  [FrameType.Subscribe]: 'view',
  [FrameType.ReadHistory]: 'read',
  [FrameType.PinMessage]: 'react',
  [FrameType.UnpinMessage]: 'react',
  [FrameType.ReadPins]: 'read',
  [FrameType.Resync]: 'view',
  [FrameType.Search]: 'search',
  [FrameType.ReadUnread]: 'read',
  [FrameType.OpenTalk]: 'talk',
  [FrameType.CreateTalk]: 'talk',
  [FrameType.EditTalk]: 'talk',
  [FrameType.LeaveTalk]: 'talk',
  [FrameType.RoomMessage]: 'server',
  [FrameType.MessageEdited]: 'server',
  [FrameType.MessageDeleted]: 'server',
  [FrameType.ReactionChanged]: 'server',
  [FrameType.PinsChanged]: 'server',
  [FrameType.HistoryPage]: 'server',
  [FrameType.PinList]: 'server',
  [FrameType.RoomInit]: 'server',
  [FrameType.StateUpdate]: 'server',
  [FrameType.RoomKey]: 'server',
  [FrameType.WhisperReady]: 'server',
  [FrameType.WhisperKey]: 'server',
  [FrameType.RoomMembers]: 'server',
  [FrameType.MembersUpdate]: 'server',
  [FrameType.MembersEnd]: 'server',
  [FrameType.Presence]: 'server',
  [FrameType.OwnSession]: 'server',
  [FrameType.UnreadCounts]: 'server',
  [FrameType.SearchPage]: 'server',
  [FrameType.TalkList]: 'server',
  [FrameType.TalkPut]: 'server',
  [FrameType.TalkRemoved]: 'server',
  [FrameType.FindUsers]: 'search',
  [FrameType.UsersFound]: 'server',
  [FrameType.ShardAssignment]: 'server',
  [FrameType.RoomPromoted]: 'server',
  [FrameType.RoomDemoted]: 'server',
  [FrameType.MessageDelivered]: 'mark',
  [FrameType.MessageRead]: 'mark',
  [FrameType.MessageAck]: 'server',
  [FrameType.UploadStart]: 'upload',
  [FrameType.UploadChunk]: 'piece',
  [FrameType.UploadComplete]: 'upload',
  [FrameType.UploadCancel]: 'upload',
  [FrameType.UploadAck]: 'server',
  [FrameType.FileInfo]: 'server',
  [FrameType.ReadFile]: 'read',
  [FrameType.DownloadRange]: 'piece',
  [FrameType.DownloadChunk]: 'server',
  [FrameType.DownloadCancel]: 'piece',
  [FrameType.TransferFailed]: 'server',
  [FrameType.SetRole]: 'manage',
  [FrameType.SetGrants]: 'manage',
  [FrameType.PutGroup]: 'manage',
  [FrameType.RemoveGroup]: 'manage',
  [FrameType.SetRoomRules]: 'manage',
  [FrameType.EnterPassword]: 'login',
  [FrameType.ReadRoomRules]: 'read',
  [FrameType.RoomRulesInfo]: 'server',
  [FrameType.ReadGroups]: 'read',
  [FrameType.GroupList]: 'server',
  [FrameType.ReadRoles]: 'read',
  [FrameType.RoleList]: 'server',
  [FrameType.ExplainPermission]: 'read',
  [FrameType.Explanation]: 'server',
  [FrameType.OwnAccess]: 'server',
  [FrameType.ReadAudit]: 'read',
  [FrameType.AuditPage]: 'server',
  [FrameType.Kick]: 'manage',
  [FrameType.Ban]: 'manage',
  [FrameType.Unban]: 'manage',
  [FrameType.ReadBans]: 'read',
  [FrameType.BanList]: 'server',
  [FrameType.ModerateUser]: 'manage',
  [FrameType.MoveUser]: 'manage',
  [FrameType.SetMessageOfTheDay]: 'manage',
  [FrameType.MessageOfTheDay]: 'server',
  [FrameType.ReportMessage]: 'manage',
  [FrameType.ReadReports]: 'read',
  [FrameType.ReportList]: 'server',
  [FrameType.ResolveReport]: 'manage',
  [FrameType.RemoveFile]: 'manage',
  [FrameType.EnterCall]: 'join',
  [FrameType.LeaveCall]: 'join',
  [FrameType.DeclineCall]: 'join',
  [FrameType.CallPut]: 'server',
  [FrameType.AnnounceKey]: 'join',
  [FrameType.ShareKey]: 'whisper',
  [FrameType.MemberKey]: 'server',
  [FrameType.MemberKeyList]: 'server',
  [FrameType.KeyShare]: 'server',
  [FrameType.MakeInvite]: 'manage',
  [FrameType.InviteMade]: 'server',
  [FrameType.ReadInvites]: 'read',
  [FrameType.InviteList]: 'server',
  [FrameType.WithdrawInvite]: 'manage',
  [FrameType.RedeemCode]: 'manage',
  [FrameType.RegisterUser]: 'manage',
  [FrameType.DenyRequest]: 'manage',
  [FrameType.ReadRequests]: 'read',
  [FrameType.RequestList]: 'server',
  [FrameType.SetAccountPassword]: 'manage',
  [FrameType.ReadAccount]: 'read',
  [FrameType.AccountInfo]: 'server',
  [FrameType.SetRegistration]: 'manage',
  [FrameType.SetName]: 'manage',
  [FrameType.Error]: 'server',
} as const satisfies Record<FrameType, MessageClass>;
