import { FrameType } from '../frameType.js';
import type {
  AuditEntry,
  BanInfo,
  MessageOfTheDay,
  ModerationAnswer,
  ModerationCommand,
  ReportInfo,
} from '../messages.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const someId = '01234567-89ab-7def-8123-456789abcdef';
const adaId = 'ffffffff-0000-ffff-0000-ffffffffffff';

const banned: AuditEntry = {
  auditId: someId,
  atMs: 1_800_000_000_000,
  actorId: adaId,
  actorName: 'Ada \u{1f426}',
  action: 'ban',
  isRefused: false,
  targetId: someId,
  targetName: 'Zo\u00eb',
  roomId: rootRoomId,
  detail: 'for an hour: shouting',
};
const byItself: AuditEntry = {
  auditId: adaId,
  atMs: 0,
  actorId: null,
  actorName: '',
  action: 'unban',
  isRefused: true,
  targetId: null,
  targetName: '',
  roomId: null,
  detail: '',
};

const bothBanned: BanInfo = {
  banId: someId,
  userId: adaId,
  userName: 'Ada',
  hasAddress: true,
  address: '2001:db8::/48',
  reason: 'shouting',
  byId: someId,
  byName: 'Zo\u00eb',
  createdAtMs: 1_800_000_000_000,
  expiresAtMs: 1_800_000_000_001,
};
const forEver: BanInfo = {
  ...bothBanned,
  ...{ userId: null, userName: '', address: '', reason: '', byName: '', expiresAtMs: null },
};
const byServer: BanInfo = { ...bothBanned, byId: null, byName: '' };

const open: ReportInfo = {
  reportId: someId,
  roomId: rootRoomId,
  messageId: adaId,
  authorId: adaId,
  authorName: 'Ada',
  text: 'Buy \u265f',
  byId: someId,
  byName: 'Zo\u00eb',
  reason: 'advertising',
  createdAtMs: 1_800_000_000_000,
  resolvedAtMs: null,
  resolverId: null,
  resolverName: '',
  resolution: '',
};
const resolved: ReportInfo = {
  ...open,
  ...{ resolvedAtMs: 1, resolverId: adaId, resolverName: 'Ada', resolution: 'deleted' },
};

/** Valid messages of moderation, as sampleMessages. */
export const moderationSamples: Pick<
  MessageSamples,
  (ModerationCommand | ModerationAnswer | MessageOfTheDay)['type']
> = {
  [FrameType.ReadAudit]: [
    { type: FrameType.ReadAudit, beforeId: someId, count: 100 },
    { type: FrameType.ReadAudit, beforeId: null, count: 0xffffffff },
  ],
  [FrameType.AuditPage]: [
    { type: FrameType.AuditPage, entries: [banned, byItself], hasEarlier: true },
    { type: FrameType.AuditPage, entries: [], hasEarlier: false },
  ],
  [FrameType.Kick]: [
    { type: FrameType.Kick, userId: adaId, reason: 'shouting' },
    { type: FrameType.Kick, userId: rootRoomId, reason: '' },
  ],
  [FrameType.Ban]: [
    {
      type: FrameType.Ban,
      userId: adaId,
      address: '192.0.2.0/24',
      withAddress: true,
      durationSeconds: 3_600,
      reason: 'shouting \u265f',
    },
    {
      type: FrameType.Ban,
      userId: null,
      address: '',
      withAddress: false,
      durationSeconds: 0xffffffff,
      reason: '',
    },
  ],
  [FrameType.Unban]: [{ type: FrameType.Unban, banId: someId }],
  [FrameType.ReadBans]: [
    { type: FrameType.ReadBans, beforeId: someId },
    { type: FrameType.ReadBans, beforeId: null },
  ],
  [FrameType.BanList]: [
    { type: FrameType.BanList, bans: [bothBanned, forEver, byServer], hasEarlier: true },
    { type: FrameType.BanList, bans: [], hasEarlier: false },
  ],
  [FrameType.ModerateUser]: [
    {
      type: FrameType.ModerateUser,
      userId: adaId,
      muted: true,
      deafened: false,
      suppressed: true,
      prioritySpeaker: false,
      reason: 'shouting',
    },
    {
      type: FrameType.ModerateUser,
      userId: adaId,
      muted: null,
      deafened: null,
      suppressed: null,
      prioritySpeaker: null,
      reason: '',
    },
  ],
  [FrameType.MoveUser]: [
    { type: FrameType.MoveUser, userId: adaId, roomId: someId, reason: 'this way' },
    { type: FrameType.MoveUser, userId: adaId, roomId: rootRoomId, reason: '' },
  ],
  [FrameType.SetMessageOfTheDay]: [
    { type: FrameType.SetMessageOfTheDay, text: 'Welcome.\nBe kind. \u265f' },
    { type: FrameType.SetMessageOfTheDay, text: '' },
  ],
  [FrameType.MessageOfTheDay]: [
    { type: FrameType.MessageOfTheDay, text: 'Welcome.\nBe kind. \u265f' },
    { type: FrameType.MessageOfTheDay, text: '' },
  ],
  [FrameType.ReportMessage]: [
    {
      type: FrameType.ReportMessage,
      roomId: rootRoomId,
      messageId: someId,
      reason: 'advertising',
    },
    { type: FrameType.ReportMessage, roomId: someId, messageId: adaId, reason: '' },
  ],
  [FrameType.ReadReports]: [
    { type: FrameType.ReadReports, beforeId: someId, withResolved: true },
    { type: FrameType.ReadReports, beforeId: null, withResolved: false },
  ],
  [FrameType.ReportList]: [
    { type: FrameType.ReportList, reports: [open, resolved], hasEarlier: true },
    { type: FrameType.ReportList, reports: [], hasEarlier: false },
  ],
  [FrameType.ResolveReport]: [
    { type: FrameType.ResolveReport, reportId: someId, resolution: 'deleted' },
    { type: FrameType.ResolveReport, reportId: adaId, resolution: '' },
  ],
  [FrameType.RemoveFile]: [
    { type: FrameType.RemoveFile, roomId: someId, uploadId: adaId, reason: 'not ours' },
    { type: FrameType.RemoveFile, roomId: adaId, uploadId: someId, reason: '' },
  ],
};
