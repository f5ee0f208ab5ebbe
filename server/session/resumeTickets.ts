import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { FrameType } from '@rookery/schemas/frameType';
import type { ResumeTicket, Uuid } from '@rookery/schemas/messages';
import type { AskedPasswords } from '../accounts/admission.js';
import type { ResumeLimits } from '../resumeLimits.js';
import type { Tickets } from '../store/tickets.js';

export interface ResumeTicketsOptions {
  readonly tickets: Tickets;
  readonly limits: ResumeLimits;
  /** Of the server: tickets given under another one are worth nothing. '' where it has none. */
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

const ticketBytes = 32;

/**
 * Tickets that stand for the passwords that a login was asked for, of the server and of the
 * account, so that somebody who comes back is not asked again and costs no Argon2id. One is worth
 * nothing where either is another one now, or where something else is asked for. They say nothing
 * of who somebody is: the signature does. A ticket is kept as a hash only. Each use gives another;
 * the one before stays good until that one was used, because the connection may be lost before it
 * arrived.
 */
export class ResumeTickets {
  readonly #options: ResumeTicketsOptions;

  constructor(options: ResumeTicketsOptions) {
    this.#options = options;
  }

  /** @param userId as the signature proved it */
  isGood(userId: Uuid, ticket: Uint8Array, asked: AskedPasswords): boolean {
    const { tickets, wallClockMs } = this.#options;
    const record = tickets.find(userId);
    if (record === null || record.expiresAtMs <= wallClockMs()) return false;
    const hash = this.#hash(ticket, asked);
    return timingSafeEqual(hash, record.current) || timingSafeEqual(hash, record.previous);
  }

  /**
   * Makes the next ticket of somebody who has logged in.
   *
   * @param used the ticket that this login showed, or null
   * @param proven what the login was asked for, and gave
   * @returns once it is durable
   * @throws ServerError of the store; the ticket before is good then
   */
  async renew(
    userId: Uuid,
    used: Uint8Array | null,
    proven: AskedPasswords,
  ): Promise<ResumeTicket> {
    const { tickets, limits, wallClockMs } = this.#options;
    const ticket = new Uint8Array(randomBytes(ticketBytes));
    const current = this.#hash(ticket, proven);
    const isUsedGood = used !== null && this.isGood(userId, used, proven);
    const previous = isUsedGood
      ? this.#hash(used, proven)
      : (tickets.find(userId)?.current ?? current);
    const expiresAtMs = wallClockMs() + limits.ticketValidMs;
    await tickets.put(userId, { current, previous, expiresAtMs });
    const validSeconds = Math.floor(limits.ticketValidMs / 1_000);
    return { type: FrameType.ResumeTicket, ticket, validSeconds };
  }

  /** Of 32 random bytes, so it tells nothing of the passwords either. */
  #hash(ticket: Uint8Array, { ofServer, accountHash }: AskedPasswords): Uint8Array {
    const hmac = createHmac('sha256', ticket);
    hmac.update(ofServer ? this.#options.password : '');
    // A password that ends in a NUL and a hash is nobody's, so each pair has a form of its own.
    if (accountHash !== null) hmac.update(`\0${ofServer ? 1 : 0}${accountHash}`);
    return hmac.digest();
  }
}
