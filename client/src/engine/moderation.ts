import { FrameType } from '@rookery/schemas/frameType';
import type {
  AuditPage,
  BanList,
  ReportList,
  UserModeration,
  Uuid,
} from '@rookery/schemas/messages';
import { ClientError } from './clientError.js';
import type { SessionKeeper } from './sessionKeeper.js';

/** Who is to be kept away: a user, addresses, or both. */
export interface BanTarget {
  readonly userId?: Uuid;
  /** An address or a range, like 192.0.2.0/24. */
  readonly address?: string;
  /** Also the address from which the user is connected now. */
  readonly withAddress?: boolean;
}

/**
 * What moderators do, and read. Everything rejects with ClientError: `commandRefused` with the
 * server's words where it is not permitted, and as all commands. Reasons are told to whom it
 * concerns, and stand in the audit log.
 */
export class Moderation {
  constructor(private readonly keeper: SessionKeeper) {
    keeper.listeners.add((message) => {
      if (message.type !== FrameType.MessageOfTheDay) return;
      keeper.update({ messageOfTheDay: message.text });
    });
  }

  /** Ends somebody's session. */
  async kick(userId: Uuid, reason = ''): Promise<void> {
    await this.keeper.request({ type: FrameType.Kick, userId, reason });
  }

  /**
   * Keeps somebody away, and ends their sessions.
   *
   * @param durationSeconds 0 for as long as nobody lifts it
   * @returns the ban's id
   */
  async ban(target: BanTarget, durationSeconds: number, reason = ''): Promise<Uuid> {
    const { userId = null, address = '', withAddress = false } = target;
    const whom = { userId, address, withAddress };
    const type = FrameType.Ban;
    return madeId(await this.keeper.request({ type, ...whom, durationSeconds, reason }));
  }

  async unban(banId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.Unban, banId });
  }

  /** Bans that hold, the newest first. @param beforeId those made before this one; null for all */
  async readBans(beforeId: Uuid | null = null): Promise<BanList> {
    return await this.keeper.query({ type: FrameType.ReadBans, beforeId }, FrameType.BanList);
  }

  /**
   * Mutes and deafens a user, over sessions; suppresses one in the room, or gives it priority
   * there. What `change` leaves out stays.
   */
  async moderate(userId: Uuid, change: Partial<UserModeration>, reason = ''): Promise<void> {
    const unchanged = { muted: null, deafened: null, suppressed: null, prioritySpeaker: null };
    const asked = { ...unchanged, ...change };
    await this.keeper.request({ type: FrameType.ModerateUser, userId, ...asked, reason });
  }

  /** Puts somebody into a room. */
  async move(userId: Uuid, roomId: Uuid, reason = ''): Promise<void> {
    await this.keeper.request({ type: FrameType.MoveUser, userId, roomId, reason });
  }

  /** Sets what everybody is told after login; '' for nothing. */
  async setMessageOfTheDay(text: string): Promise<void> {
    await this.keeper.request({ type: FrameType.SetMessageOfTheDay, text });
  }

  /** Takes a file away that somebody uploaded to a room; messages that show it stay. */
  async removeFile(roomId: Uuid, uploadId: Uuid, reason = ''): Promise<void> {
    await this.keeper.request({ type: FrameType.RemoveFile, roomId, uploadId, reason });
  }

  /** Shows a message to those who moderate. @returns the report's id */
  async report(roomId: Uuid, messageId: Uuid, reason = ''): Promise<Uuid> {
    const message = { type: FrameType.ReportMessage, roomId, messageId, reason };
    return madeId(await this.keeper.request(message));
  }

  /**
   * Reports, the newest first.
   *
   * @param which also those that somebody was done with, or not
   * @param beforeId those made before this one; null for the newest
   */
  async readReports(which: 'open' | 'all', beforeId: Uuid | null = null): Promise<ReportList> {
    const question = { type: FrameType.ReadReports, beforeId, withResolved: which === 'all' };
    return await this.keeper.query(question, FrameType.ReportList);
  }

  /** Says that a report is done with. @param resolution what was done */
  async resolveReport(reportId: Uuid, resolution: string): Promise<void> {
    await this.keeper.request({ type: FrameType.ResolveReport, reportId, resolution });
  }

  /**
   * Entries of the audit log, the newest first.
   *
   * @param count 1 to 100
   * @param beforeId entries before this one; null for the newest
   */
  async readAudit(count: number, beforeId: Uuid | null = null): Promise<AuditPage> {
    return await this.keeper.query(
      { type: FrameType.ReadAudit, beforeId, count },
      FrameType.AuditPage,
    );
  }
}

function madeId({ createdId }: { readonly createdId: Uuid | null }): Uuid {
  if (createdId !== null) return createdId;
  throw new ClientError('protocolViolation', 'the server made something without telling its id');
}
