import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  idField,
  listField,
  optional,
  present,
  safeIntegerField,
  textField,
  timeOrNever,
  utf8Bytes,
} from './fields.js';

const reportId = idField('reportId');
const roomId = idField('roomId');
const messageId = idField('messageId');
const authorId = idField('authorId');
const byId = idField('byId');
const resolverId = optional(idField('resolverId'));
const beforeId = optional(idField('beforeId'));
const reports = listField('reports', fieldLimits.moderationPageMax);
const userName = textField('name', fieldLimits.displayNameBytesMax);
const text = textField('text', fieldLimits.reportedTextBytesMax);
const reason = textField('reason', fieldLimits.reasonBytesMax);
const resolution = textField('resolution', fieldLimits.reasonBytesMax);
const createdAtMs = safeIntegerField('createdAtMs');
const resolvedAtMs = timeOrNever('resolvedAtMs');

type ReportMessages =
  messages.ReportMessage | messages.ReadReports | messages.ReportList | messages.ResolveReport;

/** Messages that somebody shows to those who moderate (control/moderation.fbs). */
export const reportCodecs: CodecTable<ReportMessages['type']> = {
  [FrameType.ReportMessage]: defineCodec<messages.ReportMessage, tables.ReportMessage>(
    tables.Payload.ReportMessage,
    tables.ReportMessage,
    (table) => ({
      type: FrameType.ReportMessage,
      roomId: roomId.read(table.roomIdArray()),
      messageId: messageId.read(table.messageIdArray()),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.ReportMessage.createReportMessage(
        builder,
        roomId.write(builder, message.roomId),
        messageId.write(builder, message.messageId),
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.ReadReports]: defineCodec<messages.ReadReports, tables.ReadReports>(
    tables.Payload.ReadReports,
    tables.ReadReports,
    (table) => ({
      type: FrameType.ReadReports,
      beforeId: beforeId.read(table.beforeIdArray()),
      withResolved: table.withResolved(),
    }),
    (builder, message) =>
      tables.ReadReports.createReadReports(
        builder,
        beforeId.write(builder, message.beforeId),
        message.withResolved,
      ),
  ),
  [FrameType.ReportList]: defineCodec<messages.ReportList, tables.ReportList>(
    tables.Payload.ReportList,
    tables.ReportList,
    (table) => ({
      type: FrameType.ReportList,
      reports: reports.read(table.reportsLength(), (index) =>
        readReport(present('report', table.reports(index))),
      ),
      hasEarlier: table.hasEarlier(),
    }),
    (builder, message) => {
      const offsets = reports.write(message.reports, (report) => writeReport(builder, report));
      const vector = tables.ReportList.createReportsVector(builder, offsets);
      return tables.ReportList.createReportList(builder, vector, message.hasEarlier);
    },
  ),
  [FrameType.ResolveReport]: defineCodec<messages.ResolveReport, tables.ResolveReport>(
    tables.Payload.ResolveReport,
    tables.ResolveReport,
    (table) => ({
      type: FrameType.ResolveReport,
      reportId: reportId.read(table.reportIdArray()),
      resolution: resolution.read(table.resolution(utf8Bytes)),
    }),
    (builder, message) =>
      tables.ResolveReport.createResolveReport(
        builder,
        reportId.write(builder, message.reportId),
        resolution.write(builder, message.resolution),
      ),
  ),
};

function readReport(table: tables.ReportInfo): messages.ReportInfo {
  return {
    reportId: reportId.read(table.reportIdArray()),
    roomId: roomId.read(table.roomIdArray()),
    messageId: messageId.read(table.messageIdArray()),
    authorId: authorId.read(table.authorIdArray()),
    authorName: userName.read(table.authorName(utf8Bytes)),
    text: text.read(table.text(utf8Bytes)),
    byId: byId.read(table.byIdArray()),
    byName: userName.read(table.byName(utf8Bytes)),
    reason: reason.read(table.reason(utf8Bytes)),
    createdAtMs: createdAtMs.read(table.createdAtMs()),
    resolvedAtMs: resolvedAtMs.read(table.resolvedAtMs()),
    resolverId: resolverId.read(table.resolverIdArray()),
    resolverName: userName.read(table.resolverName(utf8Bytes)),
    resolution: resolution.read(table.resolution(utf8Bytes)),
  };
}

function writeReport(builder: Builder, report: messages.ReportInfo): Offset {
  return tables.ReportInfo.createReportInfo(
    builder,
    reportId.write(builder, report.reportId),
    roomId.write(builder, report.roomId),
    messageId.write(builder, report.messageId),
    authorId.write(builder, report.authorId),
    userName.write(builder, report.authorName),
    text.write(builder, report.text),
    byId.write(builder, report.byId),
    userName.write(builder, report.byName),
    reason.write(builder, report.reason),
    createdAtMs.write(report.createdAtMs),
    resolvedAtMs.write(report.resolvedAtMs),
    resolverId.write(builder, report.resolverId),
    userName.write(builder, report.resolverName),
    resolution.write(builder, report.resolution),
  );
}
