import type { FrameType } from './frameType.js';
import type { Uuid } from './uuid.js';

/** Messages of moderation, part of messages.ts; their fields are told in control/moderation.fbs. */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

export interface ReadAudit extends Of<T['ReadAudit']> {
  /** Entries before this one; null for the newest. */
  readonly beforeId: Uuid | null;
  readonly count: number;
}
export interface AuditEntry {
  readonly auditId: Uuid;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** null where the server did it by itself. */
  readonly actorId: Uuid | null;
  readonly actorName: string;
  readonly action: string;
  readonly isRefused: boolean;
  readonly targetId: Uuid | null;
  readonly targetName: string;
  readonly roomId: Uuid | null;
  /** For a person; '' where there is nothing to add. */
  readonly detail: string;
}
export interface AuditPage extends Of<T['AuditPage']> {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  readonly hasEarlier: boolean;
}

export type ModerationCommand = ReadAudit;
export type ModerationAnswer = AuditPage;
