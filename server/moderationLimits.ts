import assert from 'node:assert/strict';
import { fieldLimits } from '@rookery/schemas/protocol';

/** Bounds of the audit log and of what moderators can do. */
export interface ModerationLimits {
  readonly audit: AuditLimits;
  /** Bans that hold at a time; they are in memory, about 500 bytes each. */
  readonly bansMax: number;
  /** For how long somebody who was kicked may not come back. */
  readonly kickedMs: number;
  /** Users of whom is known that they were kicked a moment ago. */
  readonly kickedMax: number;
  /** Reports that are kept; they are in memory, at most about 4 KB each. */
  readonly reportsMax: number;
  /** Of one user, while nobody was done with them. */
  readonly openReportsOfUserMax: number;
  /** Users who wait for their turn in rooms with slow mode. */
  readonly slowUsersMax: number;
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
  bansMax: 10_000,
  kickedMs: 30_000,
  kickedMax: 1_024,
  reportsMax: 2_000,
  openReportsOfUserMax: 20,
  slowUsersMax: 100_000,
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
export function assertModerationLimits({
  audit,
  reportsMax,
  openReportsOfUserMax,
}: ModerationLimits): void {
  assert(openReportsOfUserMax < reportsMax, 'nobody fills the list of reports alone');
  assert(audit.entriesMax >= fieldLimits.auditEntriesMax, 'a page can be full');
  assert(audit.removedAtOnce >= 2, 'entries go faster than they come');
  assert(audit.refusalsOfAll.burst >= audit.refusalsOfUser.burst, 'nobody is shut out alone');
}
