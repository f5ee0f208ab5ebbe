import { FrameType } from '../frameType.js';
import type { AuditEntry, ModerationAnswer, ModerationCommand } from '../messages.js';
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

/** Valid messages of moderation, as sampleMessages. */
export const moderationSamples: Pick<
  MessageSamples,
  (ModerationCommand | ModerationAnswer)['type']
> = {
  [FrameType.ReadAudit]: [
    { type: FrameType.ReadAudit, beforeId: someId, count: 100 },
    { type: FrameType.ReadAudit, beforeId: null, count: 0xffffffff },
  ],
  [FrameType.AuditPage]: [
    { type: FrameType.AuditPage, entries: [banned, byItself], hasEarlier: true },
    { type: FrameType.AuditPage, entries: [], hasEarlier: false },
  ],
};
