import type { Uuid } from '@rookery/schemas/messages';
import { RecordReader, RecordWriter } from './recordCodec.js';

/** Something that somebody did, or was not allowed to do, to others or to the server. */
export interface StoredAuditEntry {
  /** Grows with time. */
  readonly auditId: Uuid;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** null where the server did it by itself. */
  readonly actorId: Uuid | null;
  readonly action: string;
  readonly isRefused: boolean;
  /** To whom it was done. */
  readonly targetId: Uuid | null;
  readonly roomId: Uuid | null;
  /** For a person; '' where there is nothing to add. */
  readonly detail: string;
}

const version = 1;
const flags = { isRefused: 1, hasActor: 2, hasTarget: 4, hasRoom: 8 } as const;

export function encodeAuditEntry(entry: StoredAuditEntry): Uint8Array {
  const { actorId, targetId, roomId } = entry;
  const writer = new RecordWriter(version)
    .u8(
      (entry.isRefused ? flags.isRefused : 0) |
        (actorId === null ? 0 : flags.hasActor) |
        (targetId === null ? 0 : flags.hasTarget) |
        (roomId === null ? 0 : flags.hasRoom),
    )
    .time(entry.atMs);
  for (const id of [actorId, targetId, roomId]) if (id !== null) writer.uuid(id);
  return writer.text(entry.action).text(entry.detail).finish();
}

/** @throws ServerError `unusableData` */
export function decodeAuditEntry(auditId: Uuid, bytes: Uint8Array): StoredAuditEntry {
  const reader = new RecordReader('an entry of the audit log', bytes, version);
  const flagBits = reader.u8();
  const has = (flag: number): boolean => (flagBits & flag) !== 0;
  const entry = {
    auditId,
    isRefused: has(flags.isRefused),
    atMs: reader.time(),
    actorId: has(flags.hasActor) ? reader.uuid() : null,
    targetId: has(flags.hasTarget) ? reader.uuid() : null,
    roomId: has(flags.hasRoom) ? reader.uuid() : null,
    action: reader.text(),
    detail: reader.text(),
  };
  reader.finish();
  return entry;
}
