import { FrameType } from '@rookery/schemas/frameType';
import type { AuditPage, Uuid } from '@rookery/schemas/messages';
import type { SessionKeeper } from './sessionKeeper.js';

/**
 * What moderators do, and read. Everything rejects with ClientError: `commandRefused` with the
 * server's words where it is not permitted, and as all commands.
 */
export class Moderation {
  constructor(private readonly keeper: SessionKeeper) {}

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
