import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  idField,
  integerField,
  listField,
  optional,
  present,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';

const beforeId = optional(idField('beforeId'));
const count = integerField('count', 0, 0xffffffff);
const entries = listField('entries', fieldLimits.auditEntriesMax);
const auditId = idField('auditId');
const atMs = safeIntegerField('atMs');
const actorId = optional(idField('actorId'));
const targetId = optional(idField('targetId'));
const roomId = optional(idField('roomId'));
const userName = textField('name', fieldLimits.displayNameBytesMax);
const action = textField('action', fieldLimits.auditActionBytesMax);
const detail = textField('detail', fieldLimits.auditDetailBytesMax);

/** The audit log (control/moderation.fbs). */
export const auditCodecs: CodecTable<(messages.ReadAudit | messages.AuditPage)['type']> = {
  [FrameType.ReadAudit]: defineCodec<messages.ReadAudit, tables.ReadAudit>(
    tables.Payload.ReadAudit,
    tables.ReadAudit,
    (table) => ({
      type: FrameType.ReadAudit,
      beforeId: beforeId.read(table.beforeIdArray()),
      count: count(table.count()),
    }),
    (builder, message) =>
      tables.ReadAudit.createReadAudit(
        builder,
        beforeId.write(builder, message.beforeId),
        count(message.count),
      ),
  ),
  [FrameType.AuditPage]: defineCodec<messages.AuditPage, tables.AuditPage>(
    tables.Payload.AuditPage,
    tables.AuditPage,
    (table) => ({
      type: FrameType.AuditPage,
      entries: entries.read(table.entriesLength(), (index) =>
        readEntry(present('entry', table.entries(index))),
      ),
      hasEarlier: table.hasEarlier(),
    }),
    (builder, message) => {
      const offsets = entries.write(message.entries, (entry) => writeEntry(builder, entry));
      const vector = tables.AuditPage.createEntriesVector(builder, offsets);
      return tables.AuditPage.createAuditPage(builder, vector, message.hasEarlier);
    },
  ),
};

function readEntry(table: tables.AuditEntry): messages.AuditEntry {
  return {
    auditId: auditId.read(table.auditIdArray()),
    atMs: atMs.read(table.atMs()),
    actorId: actorId.read(table.actorIdArray()),
    actorName: userName.read(table.actorName(utf8Bytes)),
    action: action.read(table.action(utf8Bytes)),
    isRefused: table.refused(),
    targetId: targetId.read(table.targetIdArray()),
    targetName: userName.read(table.targetName(utf8Bytes)),
    roomId: roomId.read(table.roomIdArray()),
    detail: detail.read(table.detail(utf8Bytes)),
  };
}

function writeEntry(builder: Builder, entry: messages.AuditEntry): Offset {
  return tables.AuditEntry.createAuditEntry(
    builder,
    auditId.write(builder, entry.auditId),
    atMs.write(entry.atMs),
    actorId.write(builder, entry.actorId),
    userName.write(builder, entry.actorName),
    action.write(builder, entry.action),
    entry.isRefused,
    targetId.write(builder, entry.targetId),
    userName.write(builder, entry.targetName),
    roomId.write(builder, entry.roomId),
    detail.write(builder, entry.detail),
  );
}
