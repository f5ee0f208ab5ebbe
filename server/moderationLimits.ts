import assert from 'node:assert/strict';
import { fieldLimits } from '@rookery/schemas/protocol';

/** Bounds of the audit log and of what moderators can do. */
export interface ModerationLimits {
  readonly audit: AuditLimits;
}

export interface AuditLimits {
  /** Entries that are kept; with about 200 bytes each that is 20 MB. */
  readonly entriesMax: number;
  /** For how long they are kept. */
  readonly keptMs: number;
  /** Entries that are removed at once, where there are too many or they are too old. */
  readonly removedAtOnce: number;
  /** How often is looked for entries that are too old, while some are written. */
  readonly trimIntervalMs: number;
  /** Refusals of one user, and of all together, that are written down; else they fill the log. */
  readonly refusalsOfUser: RefusalBucket;
  readonly refusalsOfAll: RefusalBucket;
  /** Users whose refusals are counted at a time. */
  readonly refusedUsersMax: number;
}

interface RefusalBucket {
  readonly perSecond: number;
  readonly burst: number;
}

/** Part of `controlLimits`. */
export const moderationLimits: ModerationLimits = {
  audit: {
    entriesMax: 100_000,
    keptMs: 365 * 86_400_000,
    removedAtOnce: 256,
    trimIntervalMs: 3_600_000,
    refusalsOfUser: { perSecond: 1 / 60, burst: 10 },
    refusalsOfAll: { perSecond: 1, burst: 200 },
    refusedUsersMax: 1_024,
  },
};

/** @throws AssertionError for limits that contradict each other */
export function assertModerationLimits({ audit }: ModerationLimits): void {
  assert(audit.entriesMax >= fieldLimits.auditEntriesMax, 'a page can be full');
  assert(audit.removedAtOnce >= 2, 'entries go faster than they come');
  assert(audit.refusalsOfAll.burst >= audit.refusalsOfUser.burst, 'nobody is shut out alone');
}
