import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

/** A message that somebody showed to those who moderate. */
export interface StoredReport {
  /** Grows with time. */
  readonly reportId: Uuid;
  /** Of the room or talk. */
  readonly roomId: Uuid;
  readonly messageId: Uuid;
  readonly authorId: Uuid;
  /** The beginning of the message, as it was then. */
  readonly text: string;
  readonly byId: Uuid;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** null while nobody was done with it. */
  readonly resolved: ReportResolution | null;
}

export interface ReportResolution {
  readonly atMs: number;
  readonly byId: Uuid;
  /** What was done. */
  readonly text: string;
}

const version = 1;

export function encodeReport(report: StoredReport): Uint8Array {
  const { resolved } = report;
  const writer = new RecordWriter(version)
    .u8(resolved === null ? 0 : 1)
    .uuid(report.roomId)
    .uuid(report.messageId)
    .uuid(report.authorId)
    .uuid(report.byId)
    .time(report.createdAtMs)
    .text(report.text)
    .text(report.reason);
  if (resolved !== null) writer.time(resolved.atMs).uuid(resolved.byId).text(resolved.text);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeReport(reportId: Uuid, bytes: Uint8Array): StoredReport {
  const reader = new RecordReader('a report', bytes, version);
  const isResolved = reader.u8() !== 0;
  const report = {
    reportId,
    roomId: reader.uuid(),
    messageId: reader.uuid(),
    authorId: reader.uuid(),
    byId: reader.uuid(),
    createdAtMs: reader.time(),
    text: reader.text(),
    reason: reader.text(),
  };
  const resolved = isResolved
    ? { atMs: reader.time(), byId: reader.uuid(), text: reader.text() }
    : null;
  reader.finish();
  return { ...report, resolved };
}

/** The reports that are kept, in the order in which they were made. */
export class Reports {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  list(): StoredReport[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'reports', order: 'ascending', ...range }, (key, value) =>
      decodeReport(uuidFromBytes(key), value),
    );
  }

  /** Resolves once it is durable. @throws ServerError of the store */
  async put(report: StoredReport): Promise<void> {
    await this.#tables.commit([reportWrite(report.reportId, encodeReport(report))]);
  }

  /** Nobody waits for it. */
  forget(reports: readonly Pick<StoredReport, 'reportId'>[]): void {
    this.#tables.commitBehind(reports.map(({ reportId }) => reportWrite(reportId, null)));
  }
}

function reportWrite(reportId: Uuid, value: Uint8Array | null): Write {
  return { table: 'reports', key: idKey(reportId), value };
}
