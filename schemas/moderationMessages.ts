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

export interface Kick extends Of<T['Kick']> {
  readonly userId: Uuid;
  readonly reason: string;
}
export interface Ban extends Of<T['Ban']> {
  /** null where only addresses are banned. */
  readonly userId: Uuid | null;
  /** An address or a range; '' for none. */
  readonly address: string;
  /** Also the address from which the user is connected now. */
  readonly withAddress: boolean;
  /** 0 for as long as nobody lifts it. */
  readonly durationSeconds: number;
  readonly reason: string;
}
export interface Unban extends Of<T['Unban']> {
  readonly banId: Uuid;
}
export interface ReadBans extends Of<T['ReadBans']> {
  /** Bans made before this one; null for the newest. */
  readonly beforeId: Uuid | null;
}
export interface BanInfo {
  readonly banId: Uuid;
  readonly userId: Uuid | null;
  readonly userName: string;
  readonly hasAddress: boolean;
  /** '' for those who may not see addresses. */
  readonly address: string;
  readonly reason: string;
  /** null where the server did it by itself, for a while, after too many failures. */
  readonly byId: Uuid | null;
  readonly byName: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** null where it does not end by itself. */
  readonly expiresAtMs: number | null;
}
export interface BanList extends Of<T['BanList']> {
  /** The newest first. */
  readonly bans: readonly BanInfo[];
  readonly hasEarlier: boolean;
}
/** What is to be made of somebody; null for what stays. */
export interface UserModeration {
  /** Of the user: over sessions. */
  readonly muted: boolean | null;
  readonly deafened: boolean | null;
  /** Of the session, until it leaves its room. */
  readonly suppressed: boolean | null;
  readonly prioritySpeaker: boolean | null;
}
export interface ModerateUser extends Of<T['ModerateUser']>, UserModeration {
  readonly userId: Uuid;
  readonly reason: string;
}
export interface MoveUser extends Of<T['MoveUser']> {
  readonly userId: Uuid;
  readonly roomId: Uuid;
  readonly reason: string;
}
export interface SetMessageOfTheDay extends Of<T['SetMessageOfTheDay']> {
  /** '' for none. */
  readonly text: string;
}
export interface MessageOfTheDay extends Of<T['MessageOfTheDay']> {
  readonly text: string;
}
export interface ReportMessage extends Of<T['ReportMessage']> {
  readonly roomId: Uuid;
  readonly messageId: Uuid;
  readonly reason: string;
}
export interface ReadReports extends Of<T['ReadReports']> {
  /** Reports before this one; null for the newest. */
  readonly beforeId: Uuid | null;
  readonly withResolved: boolean;
}
export interface ReportInfo {
  readonly reportId: Uuid;
  readonly roomId: Uuid;
  readonly messageId: Uuid;
  readonly authorId: Uuid;
  readonly authorName: string;
  /** The beginning of the message, as it was when it was reported. */
  readonly text: string;
  readonly byId: Uuid;
  readonly byName: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** null while nobody was done with it. */
  readonly resolvedAtMs: number | null;
  readonly resolverId: Uuid | null;
  readonly resolverName: string;
  readonly resolution: string;
}
export interface ReportList extends Of<T['ReportList']> {
  /** The newest first. */
  readonly reports: readonly ReportInfo[];
  readonly hasEarlier: boolean;
}
export interface ResolveReport extends Of<T['ResolveReport']> {
  readonly reportId: Uuid;
  readonly resolution: string;
}
/** Takes a file away that somebody uploaded to a room. */
export interface RemoveFile extends Of<T['RemoveFile']> {
  readonly roomId: Uuid;
  readonly uploadId: Uuid;
  readonly reason: string;
}

export type ModerationCommand =
  | ReadAudit
  | Kick
  | Ban
  | Unban
  | ReadBans
  | ModerateUser
  | MoveUser
  | SetMessageOfTheDay
  | ReportMessage
  | ReadReports
  | ResolveReport
  | RemoveFile;
export type ModerationAnswer = AuditPage | BanList | ReportList;
