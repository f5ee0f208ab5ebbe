import { join } from 'node:path';
import type { ResumeTicket } from '@rookery/schemas/messages';
import { z } from 'zod';
import { ServerRecords, type ServerUser } from './serverRecords.js';

const fileName = 'resume_tickets.json';

const ticketRecord = z.strictObject({
  /** Of 32 bytes, in base64. */
  ticket: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  /** Milliseconds since 1970. */
  expiresAtMs: z.number(),
});

/**
 * Tickets that stand for a server's password in the next login. Where one is lost the password is
 * asked for.
 */
export class ResumeTickets {
  private readonly records: ServerRecords<z.infer<typeof ticketRecord>>;

  constructor(profileFolder: string) {
    this.records = new ServerRecords(join(profileFolder, fileName), ticketRecord);
  }

  /** @returns 32 bytes, or null where there is none that may be good */
  async find(user: ServerUser): Promise<Uint8Array | null> {
    const record = await this.records.find(user);
    if (record === null || record.expiresAtMs <= Date.now()) return null;
    return new Uint8Array(Buffer.from(record.ticket, 'base64'));
  }

  keep(user: ServerUser, { ticket, validSeconds }: ResumeTicket): void {
    const expiresAtMs = Date.now() + validSeconds * 1_000;
    const record = { ticket: Buffer.from(ticket).toString('base64'), expiresAtMs };
    this.records.change(user, () => record);
  }

  /** The server did not take it. */
  drop(user: ServerUser): void {
    this.records.change(user, () => null);
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.records.settled();
  }
}
