import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  ReadReports,
  ReportInfo,
  ReportMessage,
  ResolveReport,
  Uuid,
} from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { cutText } from '../moderation/auditLog.js';
import { refusal } from '../state/outcome.js';
import type { StoredReport } from '../store/reports.js';
import type { CommandContext, CommandResult } from './commandContext.js';
import { done, noSuchMessage, presentMessage } from './messageCommands.js';

/** Shows a message to those who moderate; once, however often somebody reports it. */
export async function reportMessage(
  context: CommandContext,
  { roomId, messageId, reason }: ReportMessage,
): Promise<CommandResult> {
  const { session, places, moderation } = context;
  const place = places.toRead(roomId, session);
  if ('refused' in place) return place;
  const message = presentMessage(context, roomId, messageId);
  if (message === null) return noSuchMessage();
  const byId = session.userId;
  const { reports } = moderation;
  const before = reports.openOf(messageId, byId);
  if (before !== null) return { ...done, createdId: before.reportId };
  if (!reports.hasPlaceFor(byId)) {
    const text = 'Enough is reported for now. Try again when somebody has looked at it.';
    return refusal(ErrorCode.LimitReached, text);
  }
  const text = cutText(message.text, fieldLimits.reportedTextBytesMax);
  const report = { roomId, messageId, authorId: message.userId, text, byId, reason };
  const { reportId } = await reports.add(report);
  return { ...done, createdId: reportId };
}

export function readReports(
  { store, moderation }: CommandContext,
  { beforeId, withResolved }: ReadReports,
): CommandResult {
  const countMax = fieldLimits.moderationPageMax;
  const which = withResolved ? 'all' : 'open';
  const found = moderation.reports.before(beforeId, which, countMax + 1);
  const nameOf = (userId: Uuid): string => store.users.find(userId)?.displayName ?? '';
  const reports = found.slice(0, countMax).map((report) => infoOf(report, nameOf));
  const hasEarlier = found.length > countMax;
  return { refused: false, answer: { type: FrameType.ReportList, reports, hasEarlier } };
}

export async function resolveReport(
  { session, audit, moderation, wallClockMs }: CommandContext,
  { reportId, resolution }: ResolveReport,
): Promise<CommandResult> {
  const report = moderation.reports.find(reportId);
  if (report === null) return refusal(ErrorCode.NoSuchReport, 'There is no such report.');
  if (report.resolved !== null) return done;
  const byId = session.userId;
  const { authorId: targetId, roomId } = report;
  audit.note({ action: 'resolveReport', actorId: byId, targetId, roomId, detail: resolution });
  await moderation.reports.resolve(report, { atMs: wallClockMs(), byId, text: resolution });
  return done;
}

function infoOf({ resolved, ...report }: StoredReport, nameOf: (id: Uuid) => string): ReportInfo {
  return {
    ...report,
    authorName: nameOf(report.authorId),
    byName: nameOf(report.byId),
    resolvedAtMs: resolved?.atMs ?? null,
    resolverId: resolved?.byId ?? null,
    resolverName: resolved === null ? '' : nameOf(resolved.byId),
    resolution: resolved?.text ?? '',
  };
}
